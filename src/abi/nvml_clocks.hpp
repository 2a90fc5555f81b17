// Layouts of NVML's clock calls: offsets, monitors, performance modes, dynamic states.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

struct nvmlClkMonFaultInfo_t {
  std::uint32_t clkApiDomain;
  std::uint32_t clkDomainFaultMask;
};
static_assert(sizeof(nvmlClkMonFaultInfo_t) == 8);
static_assert(offsetof(nvmlClkMonFaultInfo_t, clkApiDomain) == 0 &&
              offsetof(nvmlClkMonFaultInfo_t, clkDomainFaultMask) == 4);

struct nvmlClkMonStatus_t {
  std::uint32_t bGlobalStatus;
  std::uint32_t clkMonListSize;
  nvmlClkMonFaultInfo_t clkMonList[32];
};
static_assert(sizeof(nvmlClkMonStatus_t) == 264);
static_assert(offsetof(nvmlClkMonStatus_t, bGlobalStatus) == 0 && offsetof(nvmlClkMonStatus_t, clkMonListSize) == 4 &&
              offsetof(nvmlClkMonStatus_t, clkMonList) == 8);

struct nvmlClockOffset_t {
  std::uint32_t version;
  std::uint32_t type;
  std::uint32_t pstate;
  int clockOffsetMHz;
  int minClockOffsetMHz;
  int maxClockOffsetMHz;
};
static_assert(sizeof(nvmlClockOffset_t) == 24);
static_assert(offsetof(nvmlClockOffset_t, version) == 0 && offsetof(nvmlClockOffset_t, type) == 4 &&
              offsetof(nvmlClockOffset_t, pstate) == 8 && offsetof(nvmlClockOffset_t, clockOffsetMHz) == 12 &&
              offsetof(nvmlClockOffset_t, minClockOffsetMHz) == 16 &&
              offsetof(nvmlClockOffset_t, maxClockOffsetMHz) == 20);

struct nvmlDevicePerfModes_v1_t {
  std::uint32_t version;
  char str[2048];
};
static_assert(sizeof(nvmlDevicePerfModes_v1_t) == 2052);
static_assert(offsetof(nvmlDevicePerfModes_v1_t, version) == 0 && offsetof(nvmlDevicePerfModes_v1_t, str) == 4);

struct nvmlDeviceCurrentClockFreqs_v1_t {
  std::uint32_t version;
  char str[2048];
};
static_assert(sizeof(nvmlDeviceCurrentClockFreqs_v1_t) == 2052);
static_assert(offsetof(nvmlDeviceCurrentClockFreqs_v1_t, version) == 0 &&
              offsetof(nvmlDeviceCurrentClockFreqs_v1_t, str) == 4);

struct nvmlGpuDynamicPstatesUtilization_t {
  std::uint32_t bIsPresent;  // a one-bit field in NVML's header
  std::uint32_t percentage;
  std::uint32_t incThreshold;
  std::uint32_t decThreshold;
};
static_assert(sizeof(nvmlGpuDynamicPstatesUtilization_t) == 16);
static_assert(offsetof(nvmlGpuDynamicPstatesUtilization_t, bIsPresent) == 0 &&
              offsetof(nvmlGpuDynamicPstatesUtilization_t, percentage) == 4 &&
              offsetof(nvmlGpuDynamicPstatesUtilization_t, incThreshold) == 8 &&
              offsetof(nvmlGpuDynamicPstatesUtilization_t, decThreshold) == 12);

struct nvmlGpuDynamicPstatesInfo_t {
  std::uint32_t flags;
  nvmlGpuDynamicPstatesUtilization_t utilization[8];
};
static_assert(sizeof(nvmlGpuDynamicPstatesInfo_t) == 132);
static_assert(offsetof(nvmlGpuDynamicPstatesInfo_t, flags) == 0 &&
              offsetof(nvmlGpuDynamicPstatesInfo_t, utilization) == 4);

// Values of the structs' version fields.
inline constexpr unsigned nvmlClockOffset_v1 = 0x01000018;
inline constexpr unsigned nvmlDevicePerfModes_v1 = 0x01000804;
inline constexpr unsigned nvmlDeviceCurrentClockFreqs_v1 = 0x01000804;
static_assert(says<nvmlClockOffset_t>(nvmlClockOffset_v1, 1));
static_assert(says<nvmlDevicePerfModes_v1_t>(nvmlDevicePerfModes_v1, 1));
static_assert(says<nvmlDeviceCurrentClockFreqs_v1_t>(nvmlDeviceCurrentClockFreqs_v1, 1));

}  // namespace gpuslice::abi
