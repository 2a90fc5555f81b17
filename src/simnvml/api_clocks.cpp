// Exported: clocks, reasons for lower clocks, performance states.
#include "abi/nvml_clocks.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Argument;
using simnvml::Device;
using simnvml::give;
using simnvml::with_gpu;
using simnvml::with_setting;

namespace {

enum ClockType : unsigned { graphics, sm, memory, video, clock_types };
enum ClockId : unsigned { current, application, default_application, customer_boost, clock_ids };

const catalog::Sensors& sensors(const sim::Driver& driver, const Device& device) {
  return driver.board(device.gpu).sensors;
}

sim::OptionalU32 current_clock(const sim::Driver& driver, const Device& d, unsigned type) {
  const auto now = driver.readings(d.gpu, d.state);
  return type == graphics ? now.graphics_mhz
         : type == sm     ? now.sm_mhz
         : type == memory ? now.memory_mhz
                          : now.video_mhz;
}

sim::OptionalU32 application_clock(const sim::Driver& driver, const Device& d, unsigned type) {
  if (type == video) return {};
  return type == memory ? sim::application_memory(sensors(driver, d), d.state.settings)
                        : sim::application_graphics(sensors(driver, d), d.state.settings);
}

sim::OptionalU32 default_clock(const sim::Driver& driver, const Device& d, unsigned type) {
  if (type == video) return {};
  return sim::known(type == memory ? sensors(driver, d).default_memory_mhz : sensors(driver, d).default_graphics_mhz);
}

sim::OptionalU32 customer_boost_clock(const sim::Driver& driver, const Device& d, unsigned type) {
  return type < memory ? sim::known(sensors(driver, d).max_customer_boost_mhz) : sim::OptionalU32{};
}

sim::OptionalU32 max_clock(const sim::Driver& driver, const Device& d, unsigned type) {
  const auto& s = sensors(driver, d);
  return sim::known(type == graphics ? s.max_graphics_mhz
                    : type == sm     ? s.max_sm_mhz
                    : type == memory ? s.max_memory_mhz
                                     : s.max_video_mhz);
}

using Clock = sim::OptionalU32 (*)(const sim::Driver&, const Device&, unsigned);

nvmlReturn_t clock(const char* function, nvmlDevice_t handle, unsigned type, unsigned* mhz, Clock read) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    if (type >= clock_types) return NVML_ERROR_INVALID_ARGUMENT;
    return give(mhz, read(driver, d, type));
  });
}

nvmlReturn_t event_reasons(const char* function, nvmlDevice_t handle, unsigned long long* reasons) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(reasons, driver.readings(d.gpu, d.state).event_reasons);
  });
}

nvmlReturn_t supported_reasons(const char* function, nvmlDevice_t handle, unsigned long long* reasons) {
  return with_gpu({function, handle},
                  [&](sim::Driver&, const Device&) { return give(reasons, sim::supported_event_reasons); });
}

// NVML's protocol for lists: the caller passes the capacity and gets the number of entries, or the required capacity if
// its own is too small.
template <class List>
nvmlReturn_t give_list(const List& list, unsigned* count, unsigned* into) {
  if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
  const auto room = *count;
  *count = static_cast<unsigned>(list.size());
  if (into == nullptr || room < list.size()) return NVML_ERROR_INSUFFICIENT_SIZE;
  std::copy(list.begin(), list.end(), into);
  return NVML_SUCCESS;
}

// The lowest and the highest clock in P0, the only performance state of a GPU under load.
sim::OptionalU32 min_clock(const sim::Driver& driver, const Device& d, unsigned type) {
  const auto& s = sensors(driver, d);
  if (type == memory) return sim::known(s.max_memory_mhz);
  return sim::known(type == video ? s.min_video_mhz : s.min_graphics_mhz);
}

std::string frequencies(std::uint32_t now, std::uint32_t low, std::uint32_t high, std::uint32_t memory_mhz) {
  char text[256];
  std::snprintf(text, sizeof text,
                "nvclock=%u, nvclockmin=%u, nvclockmax=%u, nvclockeditable=0, memclock=%u, memclockmin=%u, "
                "memclockmax=%u, memclockeditable=0, memTransferRate=%u, memTransferRatemin=%u, memTransferRatemax=%u, "
                "memTransferRateeditable=0",
                now, low, high, memory_mhz, memory_mhz, memory_mhz, 2 * memory_mhz, 2 * memory_mhz, 2 * memory_mhz);
  return text;
}

template <class Text, class Write>
nvmlReturn_t give_modes(const char* function, nvmlDevice_t handle, Text* into, unsigned version, Write write) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    if (into == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (into->version != version) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    const auto& s = sensors(driver, d);
    if (!s.min_graphics_mhz.value || !s.max_graphics_mhz.value || !s.supported_memory_mhz.value)
      return NVML_ERROR_NOT_SUPPORTED;
    const auto now = driver.readings(d.gpu, d.state);
    if (now.graphics_mhz.known == 0 || now.memory_mhz.known == 0) return NVML_ERROR_NOT_SUPPORTED;
    const std::string text = write(s, now);
    return give(text, into->str, sizeof into->str);
  });
}

nvmlReturn_t no_auto_boost(const char* function, nvmlDevice_t handle) {
  return with_gpu({function, handle}, [](sim::Driver&, const Device&) { return NVML_ERROR_NOT_SUPPORTED; });
}

}  // namespace

NVML_EXPORT nvmlDeviceGetClockInfo(nvmlDevice_t handle, unsigned type, unsigned* mhz) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (mhz == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (type >= clock_types) return NVML_ERROR_NOT_SUPPORTED;  // recorded (surface_test.cpp)
    return give(mhz, current_clock(driver, d, type));
  });
}
NVML_EXPORT nvmlDeviceGetMaxClockInfo(nvmlDevice_t handle, unsigned type, unsigned* mhz) {
  return clock(__func__, handle, type, mhz, max_clock);
}
NVML_EXPORT nvmlDeviceGetApplicationsClock(nvmlDevice_t handle, unsigned type, unsigned* mhz) {
  return clock(__func__, handle, type, mhz, application_clock);
}
NVML_EXPORT nvmlDeviceGetDefaultApplicationsClock(nvmlDevice_t handle, unsigned type, unsigned* mhz) {
  return clock(__func__, handle, type, mhz, default_clock);
}
NVML_EXPORT nvmlDeviceGetMaxCustomerBoostClock(nvmlDevice_t handle, unsigned type, unsigned* mhz) {
  return clock(__func__, handle, type, mhz, customer_boost_clock);
}
NVML_EXPORT nvmlDeviceGetClock(nvmlDevice_t handle, unsigned type, unsigned id, unsigned* mhz) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    constexpr Clock readers[clock_ids] = {current_clock, application_clock, default_clock, customer_boost_clock};
    if (mhz == nullptr || id >= clock_ids) return NVML_ERROR_INVALID_ARGUMENT;
    // Recorded (surface_test.cpp).
    if (type >= clock_types) return id == current ? NVML_ERROR_NOT_SUPPORTED : NVML_ERROR_INVALID_ARGUMENT;
    return give(mhz, readers[id](driver, d, type));
  });
}
NVML_EXPORT nvmlDeviceGetMinMaxClockOfPState(nvmlDevice_t handle, unsigned type, unsigned state, unsigned* low,
                                             unsigned* high) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (low == nullptr || high == nullptr || type >= clock_types) return NVML_ERROR_INVALID_ARGUMENT;
    if (state != 0) return NVML_ERROR_UNKNOWN;  // recorded (surface_test.cpp)
    const auto least = min_clock(driver, d, type), most = max_clock(driver, d, type);
    if (least.known == 0 || most.known == 0) return NVML_ERROR_NOT_SUPPORTED;
    *low = least.value;
    *high = most.value;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetSupportedMemoryClocks(nvmlDevice_t handle, unsigned* count, unsigned* into) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    const auto& clocks = sensors(driver, d).supported_memory_mhz.value;
    if (!clocks) return NVML_ERROR_NOT_SUPPORTED;
    return give_list(*clocks, count, into);
  });
}
NVML_EXPORT nvmlDeviceGetSupportedGraphicsClocks(nvmlDevice_t handle, unsigned memory_mhz, unsigned* count,
                                                 unsigned* into) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    const auto& memory_clocks = sensors(driver, d).supported_memory_mhz.value;
    if (!memory_clocks) return NVML_ERROR_NOT_SUPPORTED;
    if (std::find(memory_clocks->begin(), memory_clocks->end(), memory_mhz) == memory_clocks->end())
      return NVML_ERROR_NOT_FOUND;
    const auto clocks = catalog::graphics_clocks(sensors(driver, d), memory_mhz);
    if (clocks.count == 0) return NVML_ERROR_NOT_SUPPORTED;
    std::vector<unsigned> list;
    for (std::uint32_t i = 0; i < clocks.count; ++i) list.push_back(clocks[i]);
    return give_list(list, count, into);
  });
}
NVML_EXPORT nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t handle, unsigned long long* reasons) {
  return event_reasons(__func__, handle, reasons);
}
NVML_EXPORT nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t handle, unsigned long long* reasons) {
  return event_reasons(__func__, handle, reasons);
}
NVML_EXPORT nvmlDeviceGetSupportedClocksEventReasons(nvmlDevice_t handle, unsigned long long* reasons) {
  return supported_reasons(__func__, handle, reasons);
}
NVML_EXPORT nvmlDeviceGetSupportedClocksThrottleReasons(nvmlDevice_t handle, unsigned long long* reasons) {
  return supported_reasons(__func__, handle, reasons);
}
NVML_EXPORT nvmlDeviceGetAdaptiveClockInfoStatus(nvmlDevice_t handle, unsigned* enabled) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (!simnvml::is_hopper(driver, d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    return give(enabled, 1);  // recorded (surface_test.cpp)
  });
}
NVML_EXPORT nvmlDeviceGetPerformanceState(nvmlDevice_t handle, unsigned* state) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(state, driver.readings(d.gpu, d.state).performance_state);
  });
}
NVML_EXPORT nvmlDeviceGetPowerState(nvmlDevice_t handle, unsigned* state) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(state, driver.readings(d.gpu, d.state).performance_state);
  });
}
NVML_EXPORT nvmlDeviceGetSupportedPerformanceStates(nvmlDevice_t handle, unsigned* states, unsigned bytes) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    constexpr unsigned none = 32;  // NVML_PSTATE_UNKNOWN
    if (states == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!simnvml::is_hopper(driver, d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    const auto room = bytes / sizeof *states;
    if (room < 2) return NVML_ERROR_INSUFFICIENT_SIZE;
    std::fill(states, states + room, none);
    states[0] = 2;  // recorded (surface_test.cpp): P2, then P0
    states[1] = 0;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetPerformanceModes(nvmlDevice_t handle, nvmlDevicePerfModes_v1_t* modes) {
  return give_modes(__func__, handle, modes, nvmlDevicePerfModes_v1,
                    [](const catalog::Sensors& s, const sim::Readings& now) {
                      // Recorded on an H200: the mode of the lowest memory clock first, with the current graphics
                      // clock.
                      std::string text;
                      const auto& clocks = *s.supported_memory_mhz.value;
                      for (std::size_t i = 0; i < clocks.size(); ++i)
                        text += (i != 0 ? " ; perf=" : "perf=") + std::to_string(i) + ", " +
                                frequencies(now.graphics_mhz.value, *s.min_graphics_mhz.value,
                                            *s.max_graphics_mhz.value, clocks[clocks.size() - 1 - i]);
                      return text;
                    });
}
NVML_EXPORT nvmlDeviceGetCurrentClockFreqs(nvmlDevice_t handle, nvmlDeviceCurrentClockFreqs_v1_t* clocks) {
  return give_modes(__func__, handle, clocks, nvmlDeviceCurrentClockFreqs_v1,
                    [](const catalog::Sensors& s, const sim::Readings& now) {
                      return frequencies(now.graphics_mhz.value, *s.min_graphics_mhz.value, *s.max_graphics_mhz.value,
                                         now.memory_mhz.value);
                    });
}

// Data center boards have no automatic boost (recorded on an H200: surface_test.cpp).
NVML_EXPORT nvmlDeviceGetAutoBoostedClocksEnabled(nvmlDevice_t handle, unsigned*, unsigned*) {
  return no_auto_boost(__func__, handle);
}
NVML_EXPORT nvmlDeviceSetAutoBoostedClocksEnabled(nvmlDevice_t handle, unsigned) {
  return no_auto_boost(__func__, handle);
}
NVML_EXPORT nvmlDeviceSetDefaultAutoBoostedClocksEnabled(nvmlDevice_t handle, unsigned, unsigned) {
  return no_auto_boost(__func__, handle);
}
namespace {
enum RestrictedApi : unsigned { application_clocks_api, auto_boost_api, restricted_apis };
}
NVML_EXPORT nvmlDeviceGetAPIRestriction(nvmlDevice_t handle, unsigned api, unsigned* restricted) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device& d) {
    if (restricted == nullptr || api >= restricted_apis) return NVML_ERROR_INVALID_ARGUMENT;
    if (api == application_clocks_api) return NVML_ERROR_NOT_SUPPORTED;  // recorded (surface_test.cpp)
    return give(restricted, d.state.settings.auto_boost_restricted);
  });
}
NVML_EXPORT nvmlDeviceSetAPIRestriction(nvmlDevice_t handle, unsigned api, unsigned restricted) {
  const Argument arguments[] = {{"api", api}, {"restricted", restricted}};
  return with_setting(__func__, handle, arguments, [&](sim::Driver& driver, std::uint32_t gpu) -> sim::OrDenial<void> {
    if (api >= restricted_apis || restricted > 1) return std::unexpected(sim::Denial{sim::Denial::Kind::invalid, {}});
    if (api == application_clocks_api) return std::unexpected(sim::Denial{sim::Denial::Kind::not_supported, {}});
    return driver.restrict_auto_boost(gpu, restricted == 1);
  });
}

// The offset of every clock is 0 and cannot be changed (recorded on an H200: surface_test.cpp).
namespace {
nvmlReturn_t no_offset(const char* function, nvmlDevice_t handle, int* offset) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    if (!simnvml::is_hopper(driver, d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    return give(offset, 0);
  });
}
nvmlReturn_t no_offset(const char* function, nvmlDevice_t handle, int* low, int* high) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    if (low == nullptr || high == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!simnvml::is_hopper(driver, d.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    *low = *high = 0;
    return NVML_SUCCESS;
  });
}
}  // namespace
NVML_EXPORT nvmlDeviceGetGpcClkVfOffset(nvmlDevice_t handle, int* offset) {
  return no_offset(__func__, handle, offset);
}
NVML_EXPORT nvmlDeviceGetMemClkVfOffset(nvmlDevice_t handle, int* offset) {
  return no_offset(__func__, handle, offset);
}
NVML_EXPORT nvmlDeviceGetGpcClkMinMaxVfOffset(nvmlDevice_t handle, int* low, int* high) {
  return no_offset(__func__, handle, low, high);
}
NVML_EXPORT nvmlDeviceGetMemClkMinMaxVfOffset(nvmlDevice_t handle, int* low, int* high) {
  return no_offset(__func__, handle, low, high);
}

NVML_EXPORT nvmlDeviceSetGpuLockedClocks(nvmlDevice_t handle, unsigned low, unsigned high) {
  const Argument arguments[] = {{"min", low}, {"max", high}};
  return with_setting(__func__, handle, arguments, [&](sim::Driver& driver, std::uint32_t gpu) {
    return driver.lock_graphics_clocks(gpu, low, high);
  });
}
NVML_EXPORT nvmlDeviceResetGpuLockedClocks(nvmlDevice_t handle) {
  return with_setting(__func__, handle, {},
                      [](sim::Driver& driver, std::uint32_t gpu) { return driver.unlock_graphics_clocks(gpu); });
}
NVML_EXPORT nvmlDeviceSetMemoryLockedClocks(nvmlDevice_t handle, unsigned low, unsigned high) {
  const Argument arguments[] = {{"min", low}, {"max", high}};
  return with_setting(__func__, handle, arguments, [&](sim::Driver& driver, std::uint32_t gpu) {
    return driver.lock_memory_clocks(gpu, low, high);
  });
}
NVML_EXPORT nvmlDeviceResetMemoryLockedClocks(nvmlDevice_t handle) {
  return with_setting(__func__, handle, {},
                      [](sim::Driver& driver, std::uint32_t gpu) { return driver.unlock_memory_clocks(gpu); });
}
NVML_EXPORT nvmlDeviceSetApplicationsClocks(nvmlDevice_t handle, unsigned memory_mhz, unsigned graphics_mhz) {
  const Argument arguments[] = {{"memory", memory_mhz}, {"graphics", graphics_mhz}};
  return with_setting(__func__, handle, arguments, [&](sim::Driver& driver, std::uint32_t gpu) {
    return driver.set_application_clocks(gpu, memory_mhz, graphics_mhz);
  });
}
NVML_EXPORT nvmlDeviceResetApplicationsClocks(nvmlDevice_t handle) {
  return with_setting(__func__, handle, {},
                      [](sim::Driver& driver, std::uint32_t gpu) { return driver.reset_application_clocks(gpu); });
}
