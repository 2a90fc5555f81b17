// Layouts of NVML's MIG calls: profiles, placements, instances, attributes of MIG devices.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

inline constexpr unsigned nvmlGpuInstanceProfileInfo_v2 = 0x02000098;
inline constexpr unsigned nvmlGpuInstanceProfileInfo_v3 = 0x03000098;
inline constexpr unsigned nvmlComputeInstanceProfileInfo_v2 = 0x02000088;
inline constexpr unsigned nvmlComputeInstanceProfileInfo_v3 = 0x0300008C;

struct nvmlGpuInstancePlacement_t {
  std::uint32_t start;
  std::uint32_t size;
};
static_assert(sizeof(nvmlGpuInstancePlacement_t) == 8);
static_assert(offsetof(nvmlGpuInstancePlacement_t, start) == 0 && offsetof(nvmlGpuInstancePlacement_t, size) == 4);

struct nvmlGpuInstanceProfileInfo_t {
  std::uint32_t id;
  std::uint32_t isP2pSupported;
  std::uint32_t sliceCount;
  std::uint32_t instanceCount;
  std::uint32_t multiprocessorCount;
  std::uint32_t copyEngineCount;
  std::uint32_t decoderCount;
  std::uint32_t encoderCount;
  std::uint32_t jpegCount;
  std::uint32_t ofaCount;
  unsigned long long memorySizeMB;
};
static_assert(sizeof(nvmlGpuInstanceProfileInfo_t) == 48);
static_assert(offsetof(nvmlGpuInstanceProfileInfo_t, id) == 0 &&
              offsetof(nvmlGpuInstanceProfileInfo_t, isP2pSupported) == 4 &&
              offsetof(nvmlGpuInstanceProfileInfo_t, sliceCount) == 8 &&
              offsetof(nvmlGpuInstanceProfileInfo_t, instanceCount) == 12 &&
              offsetof(nvmlGpuInstanceProfileInfo_t, multiprocessorCount) == 16 &&
              offsetof(nvmlGpuInstanceProfileInfo_t, copyEngineCount) == 20 &&
              offsetof(nvmlGpuInstanceProfileInfo_t, decoderCount) == 24 &&
              offsetof(nvmlGpuInstanceProfileInfo_t, encoderCount) == 28 &&
              offsetof(nvmlGpuInstanceProfileInfo_t, jpegCount) == 32 &&
              offsetof(nvmlGpuInstanceProfileInfo_t, ofaCount) == 36 &&
              offsetof(nvmlGpuInstanceProfileInfo_t, memorySizeMB) == 40);

struct nvmlGpuInstanceProfileInfo_v2_t {
  std::uint32_t version;
  std::uint32_t id;
  std::uint32_t isP2pSupported;
  std::uint32_t sliceCount;
  std::uint32_t instanceCount;
  std::uint32_t multiprocessorCount;
  std::uint32_t copyEngineCount;
  std::uint32_t decoderCount;
  std::uint32_t encoderCount;
  std::uint32_t jpegCount;
  std::uint32_t ofaCount;
  unsigned long long memorySizeMB;
  char name[96];
};
static_assert(sizeof(nvmlGpuInstanceProfileInfo_v2_t) == 152);
static_assert(offsetof(nvmlGpuInstanceProfileInfo_v2_t, version) == 0 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, id) == 4 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, isP2pSupported) == 8 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, sliceCount) == 12 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, instanceCount) == 16 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, multiprocessorCount) == 20 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, copyEngineCount) == 24 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, decoderCount) == 28 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, encoderCount) == 32 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, jpegCount) == 36 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, ofaCount) == 40 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, memorySizeMB) == 48 &&
              offsetof(nvmlGpuInstanceProfileInfo_v2_t, name) == 56);

struct nvmlGpuInstanceProfileInfo_v3_t {
  std::uint32_t version;
  std::uint32_t id;
  std::uint32_t sliceCount;
  std::uint32_t instanceCount;
  std::uint32_t multiprocessorCount;
  std::uint32_t copyEngineCount;
  std::uint32_t decoderCount;
  std::uint32_t encoderCount;
  std::uint32_t jpegCount;
  std::uint32_t ofaCount;
  unsigned long long memorySizeMB;
  char name[96];
  std::uint32_t capabilities;
};
static_assert(sizeof(nvmlGpuInstanceProfileInfo_v3_t) == 152);
static_assert(offsetof(nvmlGpuInstanceProfileInfo_v3_t, version) == 0 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, id) == 4 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, sliceCount) == 8 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, instanceCount) == 12 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, multiprocessorCount) == 16 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, copyEngineCount) == 20 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, decoderCount) == 24 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, encoderCount) == 28 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, jpegCount) == 32 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, ofaCount) == 36 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, memorySizeMB) == 40 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, name) == 48 &&
              offsetof(nvmlGpuInstanceProfileInfo_v3_t, capabilities) == 144);

struct nvmlGpuInstanceInfo_t {
  nvmlDevice_t device;
  std::uint32_t id;
  std::uint32_t profileId;
  nvmlGpuInstancePlacement_t placement;
};
static_assert(sizeof(nvmlGpuInstanceInfo_t) == 24);
static_assert(offsetof(nvmlGpuInstanceInfo_t, device) == 0 && offsetof(nvmlGpuInstanceInfo_t, id) == 8 &&
              offsetof(nvmlGpuInstanceInfo_t, profileId) == 12 && offsetof(nvmlGpuInstanceInfo_t, placement) == 16);

struct nvmlComputeInstancePlacement_t {
  std::uint32_t start;
  std::uint32_t size;
};
static_assert(sizeof(nvmlComputeInstancePlacement_t) == 8);
static_assert(offsetof(nvmlComputeInstancePlacement_t, start) == 0 &&
              offsetof(nvmlComputeInstancePlacement_t, size) == 4);

struct nvmlComputeInstanceProfileInfo_t {
  std::uint32_t id;
  std::uint32_t sliceCount;
  std::uint32_t instanceCount;
  std::uint32_t multiprocessorCount;
  std::uint32_t sharedCopyEngineCount;
  std::uint32_t sharedDecoderCount;
  std::uint32_t sharedEncoderCount;
  std::uint32_t sharedJpegCount;
  std::uint32_t sharedOfaCount;
};
static_assert(sizeof(nvmlComputeInstanceProfileInfo_t) == 36);
static_assert(offsetof(nvmlComputeInstanceProfileInfo_t, id) == 0 &&
              offsetof(nvmlComputeInstanceProfileInfo_t, sliceCount) == 4 &&
              offsetof(nvmlComputeInstanceProfileInfo_t, instanceCount) == 8 &&
              offsetof(nvmlComputeInstanceProfileInfo_t, multiprocessorCount) == 12 &&
              offsetof(nvmlComputeInstanceProfileInfo_t, sharedCopyEngineCount) == 16 &&
              offsetof(nvmlComputeInstanceProfileInfo_t, sharedDecoderCount) == 20 &&
              offsetof(nvmlComputeInstanceProfileInfo_t, sharedEncoderCount) == 24 &&
              offsetof(nvmlComputeInstanceProfileInfo_t, sharedJpegCount) == 28 &&
              offsetof(nvmlComputeInstanceProfileInfo_t, sharedOfaCount) == 32);

struct nvmlComputeInstanceProfileInfo_v2_t {
  std::uint32_t version;
  std::uint32_t id;
  std::uint32_t sliceCount;
  std::uint32_t instanceCount;
  std::uint32_t multiprocessorCount;
  std::uint32_t sharedCopyEngineCount;
  std::uint32_t sharedDecoderCount;
  std::uint32_t sharedEncoderCount;
  std::uint32_t sharedJpegCount;
  std::uint32_t sharedOfaCount;
  char name[96];
};
static_assert(sizeof(nvmlComputeInstanceProfileInfo_v2_t) == 136);
static_assert(offsetof(nvmlComputeInstanceProfileInfo_v2_t, version) == 0 &&
              offsetof(nvmlComputeInstanceProfileInfo_v2_t, id) == 4 &&
              offsetof(nvmlComputeInstanceProfileInfo_v2_t, sliceCount) == 8 &&
              offsetof(nvmlComputeInstanceProfileInfo_v2_t, instanceCount) == 12 &&
              offsetof(nvmlComputeInstanceProfileInfo_v2_t, multiprocessorCount) == 16 &&
              offsetof(nvmlComputeInstanceProfileInfo_v2_t, sharedCopyEngineCount) == 20 &&
              offsetof(nvmlComputeInstanceProfileInfo_v2_t, sharedDecoderCount) == 24 &&
              offsetof(nvmlComputeInstanceProfileInfo_v2_t, sharedEncoderCount) == 28 &&
              offsetof(nvmlComputeInstanceProfileInfo_v2_t, sharedJpegCount) == 32 &&
              offsetof(nvmlComputeInstanceProfileInfo_v2_t, sharedOfaCount) == 36 &&
              offsetof(nvmlComputeInstanceProfileInfo_v2_t, name) == 40);

struct nvmlComputeInstanceProfileInfo_v3_t {
  std::uint32_t version;
  std::uint32_t id;
  std::uint32_t sliceCount;
  std::uint32_t instanceCount;
  std::uint32_t multiprocessorCount;
  std::uint32_t sharedCopyEngineCount;
  std::uint32_t sharedDecoderCount;
  std::uint32_t sharedEncoderCount;
  std::uint32_t sharedJpegCount;
  std::uint32_t sharedOfaCount;
  char name[96];
  std::uint32_t capabilities;
};
static_assert(sizeof(nvmlComputeInstanceProfileInfo_v3_t) == 140);
static_assert(offsetof(nvmlComputeInstanceProfileInfo_v3_t, version) == 0 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, id) == 4 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, sliceCount) == 8 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, instanceCount) == 12 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, multiprocessorCount) == 16 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, sharedCopyEngineCount) == 20 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, sharedDecoderCount) == 24 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, sharedEncoderCount) == 28 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, sharedJpegCount) == 32 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, sharedOfaCount) == 36 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, name) == 40 &&
              offsetof(nvmlComputeInstanceProfileInfo_v3_t, capabilities) == 136);

struct nvmlComputeInstanceInfo_t {
  nvmlDevice_t device;
  nvmlGpuInstance_t gpuInstance;
  std::uint32_t id;
  std::uint32_t profileId;
  nvmlComputeInstancePlacement_t placement;
};
static_assert(sizeof(nvmlComputeInstanceInfo_t) == 32);
static_assert(offsetof(nvmlComputeInstanceInfo_t, device) == 0 &&
              offsetof(nvmlComputeInstanceInfo_t, gpuInstance) == 8 && offsetof(nvmlComputeInstanceInfo_t, id) == 16 &&
              offsetof(nvmlComputeInstanceInfo_t, profileId) == 20 &&
              offsetof(nvmlComputeInstanceInfo_t, placement) == 24);

struct nvmlDeviceAttributes_t {
  std::uint32_t multiprocessorCount;
  std::uint32_t sharedCopyEngineCount;
  std::uint32_t sharedDecoderCount;
  std::uint32_t sharedEncoderCount;
  std::uint32_t sharedJpegCount;
  std::uint32_t sharedOfaCount;
  std::uint32_t gpuInstanceSliceCount;
  std::uint32_t computeInstanceSliceCount;
  unsigned long long memorySizeMB;
};
static_assert(sizeof(nvmlDeviceAttributes_t) == 40);
static_assert(offsetof(nvmlDeviceAttributes_t, multiprocessorCount) == 0 &&
              offsetof(nvmlDeviceAttributes_t, sharedCopyEngineCount) == 4 &&
              offsetof(nvmlDeviceAttributes_t, sharedDecoderCount) == 8 &&
              offsetof(nvmlDeviceAttributes_t, sharedEncoderCount) == 12 &&
              offsetof(nvmlDeviceAttributes_t, sharedJpegCount) == 16 &&
              offsetof(nvmlDeviceAttributes_t, sharedOfaCount) == 20 &&
              offsetof(nvmlDeviceAttributes_t, gpuInstanceSliceCount) == 24 &&
              offsetof(nvmlDeviceAttributes_t, computeInstanceSliceCount) == 28 &&
              offsetof(nvmlDeviceAttributes_t, memorySizeMB) == 32);

static_assert(says<nvmlGpuInstanceProfileInfo_v2_t>(nvmlGpuInstanceProfileInfo_v2, 2));
static_assert(says<nvmlGpuInstanceProfileInfo_v3_t>(nvmlGpuInstanceProfileInfo_v3, 3));
static_assert(says<nvmlComputeInstanceProfileInfo_v2_t>(nvmlComputeInstanceProfileInfo_v2, 2));
static_assert(says<nvmlComputeInstanceProfileInfo_v3_t>(nvmlComputeInstanceProfileInfo_v3, 3));

}  // namespace gpuslice::abi
