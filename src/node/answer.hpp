// What a driver answers: a value, or its own refusal, code and words as NVML has them, because nvidia-smi prints both.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/ids.hpp"

namespace gpuslice::node {

// An NVML return code other than SUCCESS with nvmlErrorString's words ("In use by another client").
struct DriverError {
  int code{};
  std::string text;
};
// The codes that callers tell apart.
inline constexpr int err_invalid_argument = 2;
inline constexpr int err_not_supported = 3;
inline constexpr int err_no_permission = 4;
inline constexpr int err_not_found = 6;
inline constexpr int err_gpu_is_lost = 15;
inline constexpr int err_in_use = 19;
inline constexpr int err_no_data = 21;
inline constexpr int err_insufficient_resources = 23;
inline constexpr int err_not_ready = 27;
inline constexpr int err_unknown = 999;

template <class T>
using Answer = std::expected<T, DriverError>;

// What a facet that a node does not have answers to every call, as a driver without the function does.
[[nodiscard]] inline std::unexpected<DriverError> absent() {
  return std::unexpected(DriverError{err_not_supported, "Not Supported"});
}

// A device handle's worth of subject: a GPU, or a MIG device on it by its MIG index.
struct Subject {
  Subject() = default;
  Subject(GpuIndex whole) : gpu(whole) {}  // NOLINT(google-explicit-constructor): each GPU is one
  Subject(GpuIndex on, std::optional<std::uint32_t> index) : gpu(on), mig_index(index) {}

  GpuIndex gpu{};
  std::optional<std::uint32_t> mig_index;
};
struct Mode {
  bool current{}, pending{};
};

// One side of a node. Functions of a facet have no side effects but those that their names say; GPUs are named by their
// index, sizes are bytes unless the name says otherwise.
class Facet {
 public:
  Facet() = default;
  Facet(const Facet&) = delete;
  Facet& operator=(const Facet&) = delete;
  virtual ~Facet() = default;
};

}  // namespace gpuslice::node
