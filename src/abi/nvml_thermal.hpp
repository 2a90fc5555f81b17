// Layouts of NVML's temperature and fan calls.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

struct nvmlGpuThermalSensor_t {
  int controller;
  int defaultMinTemp;
  int defaultMaxTemp;
  int currentTemp;
  int target;
};
static_assert(sizeof(nvmlGpuThermalSensor_t) == 20);
static_assert(offsetof(nvmlGpuThermalSensor_t, controller) == 0 &&
              offsetof(nvmlGpuThermalSensor_t, defaultMinTemp) == 4 &&
              offsetof(nvmlGpuThermalSensor_t, defaultMaxTemp) == 8 &&
              offsetof(nvmlGpuThermalSensor_t, currentTemp) == 12 && offsetof(nvmlGpuThermalSensor_t, target) == 16);

struct nvmlGpuThermalSettings_t {
  std::uint32_t count;
  nvmlGpuThermalSensor_t sensor[3];
};
static_assert(sizeof(nvmlGpuThermalSettings_t) == 64);
static_assert(offsetof(nvmlGpuThermalSettings_t, count) == 0 && offsetof(nvmlGpuThermalSettings_t, sensor) == 4);

struct nvmlCoolerInfo_t {
  std::uint32_t version;
  std::uint32_t index;
  std::uint32_t coolerControlType;
  std::uint32_t coolerTarget;
};
static_assert(sizeof(nvmlCoolerInfo_t) == 16);
static_assert(offsetof(nvmlCoolerInfo_t, version) == 0 && offsetof(nvmlCoolerInfo_t, index) == 4 &&
              offsetof(nvmlCoolerInfo_t, coolerControlType) == 8 && offsetof(nvmlCoolerInfo_t, coolerTarget) == 12);

struct nvmlFanSpeedInfo_t {
  std::uint32_t version;
  std::uint32_t fan;
  std::uint32_t speed;
};
static_assert(sizeof(nvmlFanSpeedInfo_t) == 12);
static_assert(offsetof(nvmlFanSpeedInfo_t, version) == 0 && offsetof(nvmlFanSpeedInfo_t, fan) == 4 &&
              offsetof(nvmlFanSpeedInfo_t, speed) == 8);

struct nvmlMarginTemperature_v1_t {
  std::uint32_t version;
  int marginTemperature;
};
static_assert(sizeof(nvmlMarginTemperature_v1_t) == 8);
static_assert(offsetof(nvmlMarginTemperature_v1_t, version) == 0 &&
              offsetof(nvmlMarginTemperature_v1_t, marginTemperature) == 4);

// Values of the structs' version fields.
inline constexpr unsigned nvmlCoolerInfo_v1 = 0x01000010;
inline constexpr unsigned nvmlFanSpeedInfo_v1 = 0x0100000C;
inline constexpr unsigned nvmlMarginTemperature_v1 = 0x01000008;
static_assert(says<nvmlCoolerInfo_t>(nvmlCoolerInfo_v1, 1));
static_assert(says<nvmlFanSpeedInfo_t>(nvmlFanSpeedInfo_v1, 1));
static_assert(says<nvmlMarginTemperature_v1_t>(nvmlMarginTemperature_v1, 1));

}  // namespace gpuslice::abi
