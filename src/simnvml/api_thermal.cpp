// Exported: temperatures, their thresholds, fans.
#include "abi/nvml_thermal.hpp"

#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Device;
using simnvml::give;
using simnvml::with_gpu;

namespace {

constexpr unsigned max_thermal_sensors = 3;

// A threshold in degrees: the board's figure, or computed from a margin below the throttle point (as recorded on an
// H200, whose nvidia-smi -q shows the margins).
sim::OptionalU32 threshold(const catalog::Figure<std::uint32_t>& degrees,
                           const catalog::Figure<std::uint32_t>& throttle,
                           const catalog::Figure<std::int32_t>& margin) {
  if (degrees.value) return {*degrees.value, 1};
  if (!margin.value || !throttle.value) return {};
  return {static_cast<std::uint32_t>(static_cast<std::int32_t>(*throttle.value) - *margin.value), 1};
}

// A board without fans rejects every fan number. Of a board with a fan, only the speed is known.
bool has_no_fan(const sim::Driver& driver, std::uint32_t gpu) {
  return driver.config(gpu).fan_percent.known == 0 && driver.board(gpu).fan_percent.absent();
}

nvmlReturn_t fan_unknown(const char* function, nvmlDevice_t handle) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    // Recorded for a board without fans (surface_test.cpp).
    return has_no_fan(driver, d.gpu) ? NVML_ERROR_INVALID_ARGUMENT : NVML_ERROR_NOT_SUPPORTED;
  });
}

}  // namespace

NVML_EXPORT nvmlDeviceGetTemperature(nvmlDevice_t handle, unsigned sensor, unsigned* celsius) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (sensor != NVML_TEMPERATURE_GPU) return NVML_ERROR_INVALID_ARGUMENT;
    return give(celsius, driver.readings(d.gpu, d.state).temperature_c);
  });
}
NVML_EXPORT nvmlDeviceGetTemperatureV(nvmlDevice_t handle, nvmlTemperature_v1_t* temperature) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (temperature == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (temperature->version != nvmlTemperature_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    if (temperature->sensorType != NVML_TEMPERATURE_GPU) return NVML_ERROR_INVALID_ARGUMENT;
    return give(&temperature->temperature, driver.readings(d.gpu, d.state).temperature_c);
  });
}
NVML_EXPORT nvmlDeviceGetMarginTemperature(nvmlDevice_t handle, nvmlMarginTemperature_v1_t* margin) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (margin == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (margin->version != nvmlMarginTemperature_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    const auto now = driver.readings(d.gpu, d.state);
    if (!now.margin_c) return NVML_ERROR_NOT_SUPPORTED;
    margin->marginTemperature = *now.margin_c;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetTemperatureThreshold(nvmlDevice_t handle, unsigned type, unsigned* celsius) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    enum Threshold : unsigned { shutdown, slowdown, memory_max, gpu_max, acoustic_min, acoustic_current, gps = 7 };
    if (celsius == nullptr || type > gps) return NVML_ERROR_INVALID_ARGUMENT;
    const auto& s = driver.board(d.gpu).sensors;
    switch (type) {
      case shutdown:
        return give(celsius, threshold(s.shutdown_c, s.throttle_c, s.shutdown_tlimit_c));
      case slowdown:
        return give(celsius, threshold(s.slowdown_c, s.throttle_c, s.slowdown_tlimit_c));
      case memory_max:
        return give(celsius, threshold(s.memory_max_operating_c, s.memory_throttle_c, s.memory_max_tlimit_c));
      case gpu_max:
        return give(celsius, threshold(s.max_operating_c, s.throttle_c, s.max_operating_tlimit_c));
      case acoustic_current:
        return give(celsius, s.target_c);
      default:
        return NVML_ERROR_NOT_SUPPORTED;
    }
  });
}
NVML_EXPORT nvmlDeviceGetThermalSettings(nvmlDevice_t handle, unsigned index, nvmlGpuThermalSettings_t* settings) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (settings == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const auto now = driver.readings(d.gpu, d.state);
    if (!simnvml::is_hopper(driver, d.gpu) || now.temperature_c.known == 0) return NVML_ERROR_NOT_SUPPORTED;
    constexpr int gpu_internal = 1, gpu_target = 1;
    static_assert(sizeof settings->sensor / sizeof settings->sensor[0] == max_thermal_sensors);
    *settings = {};
    settings->count = 1;
    settings->sensor[0] = {gpu_internal, 0, 127, static_cast<int>(now.temperature_c.value), gpu_target};
    if (index != 0) {  // recorded (surface_test.cpp): a second sensor without a reading
      settings->count = 2;
      settings->sensor[1] = {gpu_internal, 0, 0, 0, gpu_target};
    }
    return NVML_SUCCESS;
  });
}
// As recorded on an H200 (surface_test.cpp), which is cooled by the host; unknown for other boards.
NVML_EXPORT nvmlDeviceGetCoolerInfo(nvmlDevice_t handle, nvmlCoolerInfo_t*) {
  return with_gpu({__func__, handle}, [](sim::Driver&, const Device&) { return NVML_ERROR_NOT_SUPPORTED; });
}

NVML_EXPORT nvmlDeviceGetFanSpeed(nvmlDevice_t handle, unsigned* percent) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    return give(percent, driver.config(d.gpu).fan_percent);
  });
}
NVML_EXPORT nvmlDeviceGetFanSpeed_v2(nvmlDevice_t handle, unsigned fan, unsigned* percent) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (fan != 0 || has_no_fan(driver, d.gpu)) return NVML_ERROR_INVALID_ARGUMENT;
    return give(percent, driver.config(d.gpu).fan_percent);
  });
}
NVML_EXPORT nvmlDeviceGetNumFans(nvmlDevice_t handle, unsigned* fans) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (fans == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!has_no_fan(driver, d.gpu)) return NVML_ERROR_NOT_SUPPORTED;  // the number of fans is unknown
    *fans = 0;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetFanSpeedRPM(nvmlDevice_t handle, nvmlFanSpeedInfo_t*) { return fan_unknown(__func__, handle); }
NVML_EXPORT nvmlDeviceGetFanControlPolicy_v2(nvmlDevice_t handle, unsigned, unsigned*) {
  return fan_unknown(__func__, handle);
}
NVML_EXPORT nvmlDeviceGetMinMaxFanSpeed(nvmlDevice_t handle, unsigned*, unsigned*) {
  return fan_unknown(__func__, handle);
}
NVML_EXPORT nvmlDeviceGetTargetFanSpeed(nvmlDevice_t handle, unsigned, unsigned*) {
  return fan_unknown(__func__, handle);
}
