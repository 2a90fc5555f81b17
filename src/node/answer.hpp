// A driver's answer: a value, or a refusal with NVML's code and text. nvidia-smi prints both, so both are kept.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/driver_codes.hpp"
#include "base/ids.hpp"

namespace gpuslice::node {

// A driver library's return code other than SUCCESS, with its text from nvmlErrorString ("In use by another client").
struct DriverError {
  int code{};
  std::string text;
};
// The codes that callers distinguish.
inline constexpr int err_invalid_argument = driver_code("INVALID_ARGUMENT");
inline constexpr int err_not_supported = driver_code("NOT_SUPPORTED");
inline constexpr int err_no_permission = driver_code("NO_PERMISSION");
inline constexpr int err_not_found = driver_code("NOT_FOUND");
inline constexpr int err_driver_not_loaded = driver_code("DRIVER_NOT_LOADED");
inline constexpr int err_library_not_found = driver_code("LIBRARY_NOT_FOUND");
inline constexpr int err_gpu_is_lost = driver_code("GPU_IS_LOST");
inline constexpr int err_in_use = driver_code("IN_USE");
inline constexpr int err_no_data = driver_code("NO_DATA");
inline constexpr int err_insufficient_resources = driver_code("INSUFFICIENT_RESOURCES");
inline constexpr int err_deprecated = driver_code("DEPRECATED");
inline constexpr int err_not_ready = driver_code("NOT_READY");
inline constexpr int err_unknown = driver_code("UNKNOWN");

template <class T>
using Answer = std::expected<T, DriverError>;

// The answer to every call of a facet that a node does not have: the same as that of a driver that lacks the function.
[[nodiscard]] inline std::unexpected<DriverError> absent() {
  return std::unexpected(DriverError{err_not_supported, driver_words(err_not_supported)});
}

// What an NVML device handle refers to: a GPU, or a MIG device on it, identified by its MIG index.
struct Subject {
  Subject() = default;
  Subject(GpuIndex whole) : gpu(whole) {}  // NOLINT(google-explicit-constructor): each GPU is a subject
  Subject(GpuIndex on, std::optional<std::uint32_t> index) : gpu(on), mig_index(index) {}

  GpuIndex gpu{};
  std::optional<std::uint32_t> mig_index;
};
struct Mode {
  bool current{}, pending{};
};

// A facet of a node. Its functions have no side effects other than those in their names. GPUs are identified by index;
// sizes are bytes unless the name says otherwise.
class Facet {
 public:
  Facet() = default;
  Facet(const Facet&) = delete;
  Facet& operator=(const Facet&) = delete;
  virtual ~Facet() = default;
};

}  // namespace gpuslice::node
