// Layouts for single readings: bridge chips, virtual GPUs, power profiles, the hostname.
//
// Sizes and versions are those that nvidia-smi of driver 580 passes, or those of nvml.h, API version 13.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

struct nvmlBridgeChipInfo_t {
  std::uint32_t type;
  std::uint32_t fwVersion;
};
static_assert(sizeof(nvmlBridgeChipInfo_t) == 8);
static_assert(offsetof(nvmlBridgeChipInfo_t, type) == 0 && offsetof(nvmlBridgeChipInfo_t, fwVersion) == 4);

struct nvmlBridgeChipHierarchy_t {
  std::uint8_t bridgeCount;
  nvmlBridgeChipInfo_t bridgeChipInfo[128];
};
static_assert(sizeof(nvmlBridgeChipHierarchy_t) == 1028);
static_assert(offsetof(nvmlBridgeChipHierarchy_t, bridgeCount) == 0 &&
              offsetof(nvmlBridgeChipHierarchy_t, bridgeChipInfo) == 4);

struct nvmlVgpuHeterogeneousMode_v1_t {
  std::uint32_t version;
  std::uint32_t mode;
};
static_assert(sizeof(nvmlVgpuHeterogeneousMode_v1_t) == 8);
static_assert(offsetof(nvmlVgpuHeterogeneousMode_v1_t, version) == 0 &&
              offsetof(nvmlVgpuHeterogeneousMode_v1_t, mode) == 4);

struct nvmlWorkloadPowerProfileCurrentProfiles_v1_t {
  std::uint32_t version;
  std::uint32_t perfProfilesMask[8];
  std::uint32_t requestedProfilesMask[8];
  std::uint32_t enforcedProfilesMask[8];
};
static_assert(sizeof(nvmlWorkloadPowerProfileCurrentProfiles_v1_t) == 100);
static_assert(offsetof(nvmlWorkloadPowerProfileCurrentProfiles_v1_t, version) == 0 &&
              offsetof(nvmlWorkloadPowerProfileCurrentProfiles_v1_t, perfProfilesMask) == 4 &&
              offsetof(nvmlWorkloadPowerProfileCurrentProfiles_v1_t, requestedProfilesMask) == 36 &&
              offsetof(nvmlWorkloadPowerProfileCurrentProfiles_v1_t, enforcedProfilesMask) == 68);

struct nvmlHostname_v1_t {
  char value[64];
};
static_assert(sizeof(nvmlHostname_v1_t) == 64);

inline constexpr unsigned nvmlVgpuHeterogeneousMode_v1 = 0x01000008;
inline constexpr unsigned nvmlWorkloadPowerProfileCurrentProfiles_v1 = 0x01000064;
static_assert(says<nvmlVgpuHeterogeneousMode_v1_t>(nvmlVgpuHeterogeneousMode_v1, 1));
static_assert(says<nvmlWorkloadPowerProfileCurrentProfiles_v1_t>(nvmlWorkloadPowerProfileCurrentProfiles_v1, 1));

}  // namespace gpuslice::abi
