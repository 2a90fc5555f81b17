// The first steps of every exported function: check that the library is initialised, that the handle is valid, and that
// its object still exists. No exception leaves a call.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "abi/nvml.hpp"
#include "simnvml/entry.hpp"
#include "simnvml/handles.hpp"
#include "simnvml/session.hpp"
#include "simnvml/watch.hpp"

#define NVML_EXPORT extern "C" __attribute__((visibility("default"))) gpuslice::abi::nvmlReturn_t

namespace gpuslice::simnvml {

using abi::nvmlReturn_t;

// The NVML code for a denied change.
[[nodiscard]] nvmlReturn_t code(const sim::Denial& denial);

// Each exported function calls this exactly once, so that it is counted and traced as one call.
template <class F>
nvmlReturn_t call(const Entry& entry, F&& function) noexcept {
  Session session;
  if (!current(session)) return abi::NVML_ERROR_UNINITIALIZED;
  try {
    // Raw storage, because a std::optional would be cleared on every call.
    alignas(Watch) std::byte storage[sizeof(Watch)];
    static_assert(std::is_trivially_destructible_v<Watch>);
    Watch* watch = nullptr;
    if (session.driver->watch() != 0) [[unlikely]] {
      watch = new (storage) Watch(entry, session);
      if (const auto ended = watch->ended()) return *ended;
    }
    const nvmlReturn_t answer = std::forward<F>(function)(session);
    if (watch != nullptr) [[unlikely]]
      watch->finish(answer);
    return answer;
  } catch (const std::bad_alloc&) {
    return abi::NVML_ERROR_MEMORY;
  } catch (...) {
    return abi::NVML_ERROR_UNKNOWN;
  }
}

// A GPU or a MIG device on it, with the state it was looked up in.
struct Device {
  std::uint32_t gpu{};
  std::optional<sim::MigDeviceId> mig;
  sim::GpuDynamic state;
  Session session;
  [[nodiscard]] const mig::GpuInstance* instance() const { return mig ? state.mig.partition.find(mig->gi) : nullptr; }
};

// Returns INVALID_ARGUMENT for anything that is not a device handle, and GPU_IS_LOST for a handle from before a reboot.
// A MIG device that no longer exists, or that this process may not see, is INVALID_ARGUMENT.
[[nodiscard]] nvmlReturn_t look_up(const Session& session, const void* handle, Device& into);

// Runs `function(driver, device)` for a device handle of any kind.
template <class F>
nvmlReturn_t with_device(const Entry& entry, F&& function) noexcept {
  return call(entry, [&](const Session& session) {
    Device device;
    if (const auto found = look_up(session, entry.handle, device); found != abi::NVML_SUCCESS) return found;
    return function(*session.driver, device);
  });
}
// The same, but returns `for_mig` for a MIG device handle.
template <class F>
nvmlReturn_t with_gpu(const Entry& entry, F&& function, nvmlReturn_t for_mig = abi::NVML_ERROR_NOT_SUPPORTED) noexcept {
  return with_device(entry, [&](sim::Driver& driver, const Device& device) {
    if (device.mig) return for_mig;
    return function(driver, device);
  });
}

// Returns the handle of a GPU that was looked up by index, UUID, address or serial number; a lost GPU gets none.
[[nodiscard]] nvmlReturn_t give_gpu(const Session& session, std::uint32_t gpu, abi::nvmlDevice_t* into);

[[nodiscard]] void* gpu_handle(const Session& session, std::uint32_t gpu);

// NVML's rule for strings: INVALID_ARGUMENT without a buffer, INSUFFICIENT_SIZE if the text and its terminating zero do
// not fit.
[[nodiscard]] nvmlReturn_t give(std::string_view text, char* buffer, unsigned length);

// Writes `value` to `*into`; INVALID_ARGUMENT for NULL.
template <class T, class V>
[[nodiscard]] nvmlReturn_t give(T* into, V value) {
  if (into == nullptr) return abi::NVML_ERROR_INVALID_ARGUMENT;
  *into = static_cast<T>(value);
  return abi::NVML_SUCCESS;
}
// Writes the figure; NOT_SUPPORTED if it is unknown.
template <class T>
[[nodiscard]] nvmlReturn_t give(T* into, const sim::OptionalU32& figure) {
  if (into == nullptr) return abi::NVML_ERROR_INVALID_ARGUMENT;
  if (figure.known == 0) return abi::NVML_ERROR_NOT_SUPPORTED;
  *into = static_cast<T>(figure.value);
  return abi::NVML_SUCCESS;
}
// Writes a figure of the catalogue; NOT_SUPPORTED if it is unknown, or known to be absent.
template <class T, class V>
[[nodiscard]] nvmlReturn_t give(T* into, const catalog::Figure<V>& figure) {
  if (into == nullptr) return abi::NVML_ERROR_INVALID_ARGUMENT;
  if (!figure.value) return abi::NVML_ERROR_NOT_SUPPORTED;
  *into = static_cast<T>(*figure.value);
  return abi::NVML_SUCCESS;
}
[[nodiscard]] inline nvmlReturn_t give(const catalog::Figure<catalog::ShortText>& text, char* buffer, unsigned length) {
  if (buffer == nullptr) return abi::NVML_ERROR_INVALID_ARGUMENT;
  if (!text.value) return abi::NVML_ERROR_NOT_SUPPORTED;
  return give(text.value->view(), buffer, length);
}

// Changes a setting of a whole GPU by calling `set(driver, gpu) -> sim::OrDenial<void>`.
template <class F>
nvmlReturn_t with_setting(const char* function, const void* handle, std::span<const Argument> arguments,
                          F&& set) noexcept {
  return with_gpu({function, handle, sim::CallKind::setting, arguments},
                  [&](sim::Driver& driver, const Device& device) {
                    const auto done = set(driver, device.gpu);
                    return done ? abi::NVML_SUCCESS : code(done.error());
                  });
}

// Some answers were recorded only on Hopper boards: these boards return them, for others they are unknown.
[[nodiscard]] inline bool is_hopper(const sim::Driver& driver, std::uint32_t gpu) {
  constexpr std::uint32_t hopper = 9;  // NVML_DEVICE_ARCH_HOPPER
  return driver.product(gpu).nvml_architecture == hopper;
}

}  // namespace gpuslice::simnvml
