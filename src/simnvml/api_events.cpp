// Exported: event sets. NVIDIA's nvidia-smi makes one for its default view and waits on none.
//
// Sets can be made, waited on and freed; no event source is offered yet, so every registration answers NOT_SUPPORTED
// and a wait ends with its time.
#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::call;
using simnvml::Device;
using simnvml::Session;

namespace {

// Sets are slots of a fixed table, so that a garbage or freed set is recognised by its address alone.
struct Slot {
  std::atomic<bool> used{false};
};
std::array<Slot, 256> sets;

Slot* slot_of(nvmlEventSet_t set) {
  const auto address = reinterpret_cast<std::uintptr_t>(set);
  const auto base = reinterpret_cast<std::uintptr_t>(sets.data());
  if (address < base || address >= base + sizeof sets || (address - base) % sizeof(Slot) != 0) return nullptr;
  auto& slot = sets[(address - base) / sizeof(Slot)];
  return slot.used.load() ? &slot : nullptr;
}

nvmlReturn_t wait(const char* function, nvmlEventSet_t set, void* data, unsigned milliseconds) {
  return call({function}, [&](const Session&) {
    if (slot_of(set) == nullptr || data == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    return NVML_ERROR_TIMEOUT;
  });
}

}  // namespace

NVML_EXPORT nvmlEventSetCreate(nvmlEventSet_t* set) {
  return call({__func__}, [&](const Session&) {
    if (set == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    for (auto& slot : sets) {
      bool free = false;
      if (!slot.used.compare_exchange_strong(free, true)) continue;
      *set = reinterpret_cast<nvmlEventSet_t>(&slot);
      return NVML_SUCCESS;
    }
    return NVML_ERROR_MEMORY;
  });
}
NVML_EXPORT nvmlEventSetFree(nvmlEventSet_t set) {
  return call({__func__}, [&](const Session&) {
    auto* slot = slot_of(set);
    if (slot == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    slot->used.store(false);
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlEventSetWait(nvmlEventSet_t set, nvmlEventData_t* data, unsigned ms) {
  return wait(__func__, set, data, ms);
}
NVML_EXPORT nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t* data, unsigned ms) {
  return wait(__func__, set, data, ms);
}
NVML_EXPORT nvmlDeviceGetSupportedEventTypes(nvmlDevice_t handle, unsigned long long* types) {
  return simnvml::with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) { return simnvml::give(types, 0ULL); });
}
NVML_EXPORT nvmlDeviceRegisterEvents(nvmlDevice_t handle, unsigned long long, nvmlEventSet_t set) {
  return simnvml::with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) {
    return slot_of(set) == nullptr ? NVML_ERROR_INVALID_ARGUMENT : NVML_ERROR_NOT_SUPPORTED;
  });
}
