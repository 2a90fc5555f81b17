// Layouts of NVML's confidential computing calls.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

struct nvmlConfComputeSystemState_t {
  std::uint32_t environment;
  std::uint32_t ccFeature;
  std::uint32_t devToolsMode;
};
static_assert(sizeof(nvmlConfComputeSystemState_t) == 12);
static_assert(offsetof(nvmlConfComputeSystemState_t, environment) == 0 &&
              offsetof(nvmlConfComputeSystemState_t, ccFeature) == 4 &&
              offsetof(nvmlConfComputeSystemState_t, devToolsMode) == 8);

struct nvmlSystemConfComputeSettings_v1_t {
  std::uint32_t version;
  std::uint32_t environment;
  std::uint32_t ccFeature;
  std::uint32_t devToolsMode;
  std::uint32_t multiGpuMode;
};
static_assert(sizeof(nvmlSystemConfComputeSettings_v1_t) == 20);
static_assert(offsetof(nvmlSystemConfComputeSettings_v1_t, version) == 0 &&
              offsetof(nvmlSystemConfComputeSettings_v1_t, environment) == 4 &&
              offsetof(nvmlSystemConfComputeSettings_v1_t, ccFeature) == 8 &&
              offsetof(nvmlSystemConfComputeSettings_v1_t, devToolsMode) == 12 &&
              offsetof(nvmlSystemConfComputeSettings_v1_t, multiGpuMode) == 16);

struct nvmlConfComputeSystemCaps_t {
  std::uint32_t cpuCaps;
  std::uint32_t gpusCaps;
};
static_assert(sizeof(nvmlConfComputeSystemCaps_t) == 8);
static_assert(offsetof(nvmlConfComputeSystemCaps_t, cpuCaps) == 0 &&
              offsetof(nvmlConfComputeSystemCaps_t, gpusCaps) == 4);

struct nvmlConfComputeMemSizeInfo_t {
  unsigned long long protectedMemSizeKib;
  unsigned long long unprotectedMemSizeKib;
};
static_assert(sizeof(nvmlConfComputeMemSizeInfo_t) == 16);
static_assert(offsetof(nvmlConfComputeMemSizeInfo_t, protectedMemSizeKib) == 0 &&
              offsetof(nvmlConfComputeMemSizeInfo_t, unprotectedMemSizeKib) == 8);

struct nvmlConfComputeSetKeyRotationThresholdInfo_t {
  std::uint32_t version;
  unsigned long long maxAttackerAdvantage;
};
static_assert(sizeof(nvmlConfComputeSetKeyRotationThresholdInfo_t) == 16);
static_assert(offsetof(nvmlConfComputeSetKeyRotationThresholdInfo_t, version) == 0 &&
              offsetof(nvmlConfComputeSetKeyRotationThresholdInfo_t, maxAttackerAdvantage) == 8);

struct nvmlConfComputeGetKeyRotationThresholdInfo_t {
  std::uint32_t version;
  unsigned long long attackerAdvantage;
};
static_assert(sizeof(nvmlConfComputeGetKeyRotationThresholdInfo_t) == 16);
static_assert(offsetof(nvmlConfComputeGetKeyRotationThresholdInfo_t, version) == 0 &&
              offsetof(nvmlConfComputeGetKeyRotationThresholdInfo_t, attackerAdvantage) == 8);

// Values of the structs' version fields.
inline constexpr unsigned nvmlSystemConfComputeSettings_v1 = 0x01000014;
inline constexpr unsigned nvmlConfComputeSetKeyRotationThresholdInfo_v1 = 0x01000010;
inline constexpr unsigned nvmlConfComputeGetKeyRotationThresholdInfo_v1 = 0x01000010;
static_assert(says<nvmlSystemConfComputeSettings_v1_t>(nvmlSystemConfComputeSettings_v1, 1));
static_assert(says<nvmlConfComputeSetKeyRotationThresholdInfo_t>(nvmlConfComputeSetKeyRotationThresholdInfo_v1, 1));
static_assert(says<nvmlConfComputeGetKeyRotationThresholdInfo_t>(nvmlConfComputeGetKeyRotationThresholdInfo_v1, 1));

}  // namespace gpuslice::abi
