// Exported: power, energy, and for how long clocks were lowered.
#include "abi/nvml_power.hpp"

#include <algorithm>

#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Argument;
using simnvml::Device;
using simnvml::give;
using simnvml::with_gpu;
using simnvml::with_setting;

namespace {

nvmlReturn_t power_limit(const char* function, nvmlDevice_t handle, unsigned* milliwatts) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(milliwatts, sim::power_limit(driver.config(d.gpu), d.state.settings));
  });
}

nvmlReturn_t set_power_limit(const char* function, nvmlDevice_t handle, unsigned milliwatts) {
  const Argument arguments[] = {{"milliwatts", milliwatts}};
  return with_setting(function, handle, arguments,
                      [&](sim::Driver& driver, std::uint32_t gpu) { return driver.set_power_limit(gpu, milliwatts); });
}

constexpr unsigned gpu_scope = 0;  // NVML_POWER_SCOPE_GPU

}  // namespace

NVML_EXPORT nvmlDeviceGetPowerUsage(nvmlDevice_t handle, unsigned* milliwatts) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(milliwatts, driver.readings(d.gpu, d.state).power_mw);
  });
}
NVML_EXPORT nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t handle, unsigned* milliwatts) {
  return power_limit(__func__, handle, milliwatts);
}
NVML_EXPORT nvmlDeviceGetPowerManagementLimit(nvmlDevice_t handle, unsigned* milliwatts) {
  return power_limit(__func__, handle, milliwatts);
}
NVML_EXPORT nvmlDeviceGetPowerManagementDefaultLimit(nvmlDevice_t handle, unsigned* milliwatts) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(milliwatts, driver.config(d.gpu).power_limit_mw);
  });
}
NVML_EXPORT nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t handle, unsigned* low, unsigned* high) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (low == nullptr || high == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const auto range = driver.power_range(d.gpu);
    if (!range) return NVML_ERROR_NOT_SUPPORTED;
    *low = range->first;
    *high = range->second;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetPowerManagementMode(nvmlDevice_t handle, unsigned* mode) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (driver.config(d.gpu).power_limit_mw.known == 0) return NVML_ERROR_NOT_SUPPORTED;
    return give(mode, 1);
  });
}
NVML_EXPORT nvmlDeviceSetPowerManagementLimit(nvmlDevice_t handle, unsigned milliwatts) {
  return set_power_limit(__func__, handle, milliwatts);
}
NVML_EXPORT nvmlDeviceSetPowerManagementLimit_v2(nvmlDevice_t handle, nvmlPowerValue_v2_t* value) {
  if (value == nullptr || value->version != nvmlPowerValue_v2 || value->powerScope != gpu_scope)
    return with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) {
      if (value == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
      // No board is known whose module has a power limit.
      return value->version != nvmlPowerValue_v2 ? NVML_ERROR_ARGUMENT_VERSION_MISMATCH : NVML_ERROR_NOT_SUPPORTED;
    });
  return set_power_limit(__func__, handle, value->powerValueMw);
}
NVML_EXPORT nvmlDeviceGetPowerSource(nvmlDevice_t handle, unsigned* source) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) { return give(source, 0); });  // AC
}
NVML_EXPORT nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t handle, unsigned long long* millijoules) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (driver.config(d.gpu).power_mw.known == 0) return NVML_ERROR_NOT_SUPPORTED;
    return give(millijoules, driver.usage(d.gpu).energy_uj / 1000);
  });
}
NVML_EXPORT nvmlDeviceGetViolationStatus(nvmlDevice_t handle, unsigned policy, nvmlViolationTime_t* time) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    enum Policy : unsigned {
      power = 0,
      low_utilization = 4,
      reliability = 5,
      application_clocks = 10,
      base_clocks = 11
    };
    if (time == nullptr || (policy > reliability && policy != application_clocks && policy != base_clocks))
      return NVML_ERROR_INVALID_ARGUMENT;
    const auto used = driver.usage(d.gpu);
    const std::uint64_t held_us = policy == power                                         ? used.power_capped_us
                                  : policy == low_utilization                             ? used.idle_us
                                  : policy == application_clocks || policy == base_clocks ? used.below_default_us
                                                                                          : 0;
    time->referenceTime = driver.now_us();
    time->violationTime = held_us * 1000;
    return NVML_SUCCESS;
  });
}
