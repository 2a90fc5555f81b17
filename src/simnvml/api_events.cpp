// Exported: event sets. NVIDIA's nvidia-smi creates one for its default view and never waits on it.
#include "abi/nvml_older.hpp"
#include "simnvml/call.hpp"
#include "simnvml/event_sets.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::call;
using simnvml::Device;
using simnvml::Session;

namespace {

static_assert(static_cast<std::uint64_t>(sim::EventType::xid) == nvmlEventTypeXidCriticalError &&
              static_cast<std::uint64_t>(sim::EventType::mig_config) == nvmlEventMigConfigChange &&
              static_cast<std::uint64_t>(sim::EventType::single_bit_ecc) == nvmlEventTypeSingleBitEccError &&
              static_cast<std::uint64_t>(sim::EventType::double_bit_ecc) == nvmlEventTypeDoubleBitEccError &&
              sim::all_event_types == nvmlEventTypeAll);

// Writes the event in the layout of the function's version.
template <class Data>
nvmlReturn_t wait(const char* function, nvmlEventSet_t set, Data* into, unsigned milliseconds) {
  return call({function}, [&](const Session& session) {
    if (into == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    sim::Event event;
    const auto answer = simnvml::wait_for_event(set, session, milliseconds, event);
    if (answer != NVML_SUCCESS) return answer;
    const auto id = [](std::int32_t instance) {
      return instance < 0 ? NVML_NO_INSTANCE_ID : static_cast<std::uint32_t>(instance);
    };
    const nvmlEventData_t data{static_cast<nvmlDevice_t>(simnvml::gpu_handle(session, event.gpu)),
                               static_cast<unsigned long long>(event.type), event.data, id(event.gi), id(event.ci)};
    narrow(data, *into);
    return answer;
  });
}

}  // namespace

NVML_EXPORT nvmlEventSetCreate(nvmlEventSet_t* set) {
  return call({__func__}, [&](const Session&) {
    if (set == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    auto* const made = simnvml::make_event_set();
    if (made == nullptr) return NVML_ERROR_MEMORY;
    *set = made;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlEventSetFree(nvmlEventSet_t set) {
  return call({__func__}, [&](const Session&) {
    return simnvml::free_event_set(set) ? NVML_SUCCESS : NVML_ERROR_INVALID_ARGUMENT;
  });
}
NVML_EXPORT nvmlEventSetWait(nvmlEventSet_t set, nvmlEventData_v1_t* data, unsigned ms) {
  return wait(__func__, set, data, ms);
}
NVML_EXPORT nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t* data, unsigned ms) {
  return wait(__func__, set, data, ms);
}
NVML_EXPORT nvmlDeviceGetSupportedEventTypes(nvmlDevice_t handle, unsigned long long* types) {
  return simnvml::with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& device) {
    return simnvml::give(types, driver.event_types(device.gpu, device.state));
  });
}
// A MIG device has no events (NVML's documentation); those of its instances are reported for the GPU.
NVML_EXPORT nvmlDeviceRegisterEvents(nvmlDevice_t handle, unsigned long long types, nvmlEventSet_t set) {
  return simnvml::with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& device) {
    if (!simnvml::is_event_set(set) || (types & ~nvmlEventTypeAll) != 0) return NVML_ERROR_INVALID_ARGUMENT;
    if ((types & ~driver.event_types(device.gpu, device.state)) != 0) return NVML_ERROR_NOT_SUPPORTED;
    return simnvml::register_events(set, device.session, device.gpu, types);
  });
}
