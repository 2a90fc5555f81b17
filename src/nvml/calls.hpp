// Calls into a driver library by subject: finds the handle, calls the function, and returns a refusal with the driver's
// text.
//
// Handles of GPUs are cached. They are valid until the library is shut down, except after a switch of the MIG mode,
// which may reset the device (`forget`). Handles of MIG devices and instances are looked up for each call: they are
// valid only while the instance exists, and may then be reused for another. Several threads may call at once.
#pragma once

#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "node/port.hpp"
#include "nvml/library.hpp"

namespace gpuslice::abi {
struct SimulatedTable;
}  // namespace gpuslice::abi

namespace gpuslice::nvml {

class Calls {
 public:
  explicit Calls(Library library) : library_(std::move(library)) {}

  [[nodiscard]] Library& library() { return library_; }
  [[nodiscard]] std::unexpected<node::DriverError> refusal(int code);
  // The functions that a simulated driver offers in addition to NVML; nullptr for a real driver.
  [[nodiscard]] const abi::SimulatedTable* simulated() const { return simulated_; }
  void set_simulated(const abi::SimulatedTable* table) { simulated_ = table; }
  // Returns NO_PERMISSION with the reason if this driver was opened read-only.
  [[nodiscard]] node::Answer<void> may_change();

  [[nodiscard]] node::Answer<abi::nvmlDevice_t> handle(node::Subject subject);
  [[nodiscard]] node::Answer<abi::nvmlGpuInstance_t> instance(GpuIndex gpu, mig::GiId gi);
  [[nodiscard]] node::Answer<abi::nvmlComputeInstance_t> instance(GpuIndex gpu, mig::GiId gi, mig::CiId ci);
  void forget(GpuIndex gpu) {
    const std::scoped_lock lock(guard_);
    gpus_.erase(gpu);
  }
  [[nodiscard]] node::Answer<GpuIndex> index_of(abi::nvmlDevice_t gpu);

  // Calls symbol(handle of subject, args...).
  template <class... Args>
  [[nodiscard]] node::Answer<void> on(node::Subject subject, Symbol symbol, Args... args) {
    const auto device = handle(subject);
    if (!device) return std::unexpected(device.error());
    if (const int code = library_.call(symbol, *device, args...); code != abi::NVML_SUCCESS) return refusal(code);
    return {};
  }
  template <class... Args>
  [[nodiscard]] node::Answer<void> on(GpuIndex gpu, Symbol symbol, Args... args) {
    return on(node::Subject{gpu, {}}, symbol, args...);
  }

  // Calls a function that changes something, unless this driver was opened read-only.
  template <class... Args>
  [[nodiscard]] node::Answer<void> change(GpuIndex gpu, Symbol symbol, Args... args) {
    if (const auto may = may_change(); !may) return may;
    return on(gpu, symbol, args...);
  }

  // Calls symbol(handle, unsigned* out), whose result is a number, or an enumeration with the values 0 and 1.
  [[nodiscard]] node::Answer<std::uint32_t> number(node::Subject subject, Symbol symbol);
  [[nodiscard]] node::Answer<std::uint32_t> number(GpuIndex gpu, Symbol symbol) { return number({gpu, {}}, symbol); }
  [[nodiscard]] node::Answer<bool> flag(GpuIndex gpu, Symbol symbol);
  // Calls symbol(handle, unsigned* current, unsigned* pending).
  [[nodiscard]] node::Answer<node::Mode> mode(GpuIndex gpu, Symbol symbol);
  // Calls symbol(handle, char* text, unsigned size).
  template <std::size_t Size>
  [[nodiscard]] node::Answer<std::string> text(node::Subject subject, Symbol symbol) {
    std::array<char, Size> words{};
    const auto done = on(subject, symbol, words.data(), static_cast<unsigned>(Size));
    if (!done) return std::unexpected(done.error());
    return bounded(words);
  }

  // The text in a buffer that a driver filled, whether or not it is terminated.
  template <class Buffer>
  [[nodiscard]] static std::string bounded(const Buffer& buffer) {
    return {std::data(buffer), ::strnlen(std::data(buffer), std::size(buffer))};
  }

 private:
  [[nodiscard]] node::Answer<abi::nvmlDevice_t> gpu_handle(GpuIndex gpu);

  Library library_;
  const abi::SimulatedTable* simulated_{};
  std::mutex guard_;  // guards the handles
  std::map<GpuIndex, abi::nvmlDevice_t> gpus_;
};

}  // namespace gpuslice::nvml
