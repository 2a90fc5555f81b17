// Layouts of NVML's structs in older headers. A function keeps the layout of the header that introduced its name. So
// functions without a suffix, and the older _vN, must write only these layouts: the bytes after them do not belong to
// the caller's struct.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals. Each comment names
// a public header or client with the layout.
#pragma once

#include "abi/nvml.hpp"
#include "abi/nvml_mig.hpp"

namespace gpuslice::abi {

// nvmlDeviceGetPciInfo before NVML 2.285, which added the subsystem and with it nvmlDeviceGetPciInfo_v2. The first
// pynvml.py, for NVML 2.0, passes 32 bytes; nvml.h of API version 4 maps the name to _v2 and documents the subsystem as
// "Added in NVML 2.285 API".
struct nvmlPciInfo_v1_t {
  char busId[16];
  std::uint32_t domain;
  std::uint32_t bus;
  std::uint32_t device;
  std::uint32_t pciDeviceId;
};
static_assert(sizeof(nvmlPciInfo_v1_t) == 32);
static_assert(offsetof(nvmlPciInfo_v1_t, busId) == 0 && offsetof(nvmlPciInfo_v1_t, domain) == 16 &&
              offsetof(nvmlPciInfo_v1_t, bus) == 20 && offsetof(nvmlPciInfo_v1_t, device) == 24 &&
              offsetof(nvmlPciInfo_v1_t, pciDeviceId) == 28);

// nvmlDeviceGetPciInfo_v2 and nvmlDeviceGetNvLinkRemotePciInfo: nvml.h of API versions 4 to 8 (R304 to R384, including
// the GPU Deployment Kit 340.29 of 2014), py3nvml 0.2.7, and nvmlPciInfo_v2_t of nvidia-ml-py 13.580.
struct nvmlPciInfo_v2_t {
  char busId[16];
  std::uint32_t domain;
  std::uint32_t bus;
  std::uint32_t device;
  std::uint32_t pciDeviceId;
  std::uint32_t pciSubSystemId;
  std::uint32_t reserved0;
  std::uint32_t reserved1;
  std::uint32_t reserved2;
  std::uint32_t reserved3;
};
static_assert(sizeof(nvmlPciInfo_v2_t) == 52);
static_assert(offsetof(nvmlPciInfo_v2_t, busId) == 0 && offsetof(nvmlPciInfo_v2_t, domain) == 16 &&
              offsetof(nvmlPciInfo_v2_t, bus) == 20 && offsetof(nvmlPciInfo_v2_t, device) == 24 &&
              offsetof(nvmlPciInfo_v2_t, pciDeviceId) == 28 && offsetof(nvmlPciInfo_v2_t, pciSubSystemId) == 32 &&
              offsetof(nvmlPciInfo_v2_t, reserved0) == 36 && offsetof(nvmlPciInfo_v2_t, reserved1) == 40 &&
              offsetof(nvmlPciInfo_v2_t, reserved2) == 44 && offsetof(nvmlPciInfo_v2_t, reserved3) == 48);

// nvmlDeviceGetAttributes: nvml.h of CUDA 11.0 (R450), without slices and memory.
struct nvmlDeviceAttributes_v1_t {
  std::uint32_t multiprocessorCount;
  std::uint32_t sharedCopyEngineCount;
  std::uint32_t sharedDecoderCount;
  std::uint32_t sharedEncoderCount;
  std::uint32_t sharedJpegCount;
  std::uint32_t sharedOfaCount;
};
static_assert(sizeof(nvmlDeviceAttributes_v1_t) == 24);
static_assert(offsetof(nvmlDeviceAttributes_v1_t, multiprocessorCount) == 0 &&
              offsetof(nvmlDeviceAttributes_v1_t, sharedCopyEngineCount) == 4 &&
              offsetof(nvmlDeviceAttributes_v1_t, sharedDecoderCount) == 8 &&
              offsetof(nvmlDeviceAttributes_v1_t, sharedEncoderCount) == 12 &&
              offsetof(nvmlDeviceAttributes_v1_t, sharedJpegCount) == 16 &&
              offsetof(nvmlDeviceAttributes_v1_t, sharedOfaCount) == 20);

// nvmlComputeInstanceGetInfo: nvml.h of CUDA 11.0 (R450), without the placement.
struct nvmlComputeInstanceInfo_v1_t {
  nvmlDevice_t device;
  nvmlGpuInstance_t gpuInstance;
  std::uint32_t id;
  std::uint32_t profileId;
};
static_assert(sizeof(nvmlComputeInstanceInfo_v1_t) == 24);
static_assert(offsetof(nvmlComputeInstanceInfo_v1_t, device) == 0 &&
              offsetof(nvmlComputeInstanceInfo_v1_t, gpuInstance) == 8 &&
              offsetof(nvmlComputeInstanceInfo_v1_t, id) == 16 &&
              offsetof(nvmlComputeInstanceInfo_v1_t, profileId) == 20);

// nvmlEventSetWait: nvml.h before CUDA 11.0, without the instance.
struct nvmlEventData_v1_t {
  nvmlDevice_t device;
  unsigned long long eventType;
  unsigned long long eventData;
};
static_assert(sizeof(nvmlEventData_v1_t) == 24);
static_assert(offsetof(nvmlEventData_v1_t, device) == 0 && offsetof(nvmlEventData_v1_t, eventType) == 8 &&
              offsetof(nvmlEventData_v1_t, eventData) == 16);

// Copies the fields that the older layout has. Its reserved fields become 0.
constexpr void narrow(const nvmlPciInfo_t& pci, nvmlPciInfo_t& into) { into = pci; }
constexpr void narrow(const nvmlPciInfo_t& pci, nvmlPciInfo_v1_t& into) {
  into = {{}, pci.domain, pci.bus, pci.device, pci.pciDeviceId};
  for (std::size_t i = 0; i < sizeof into.busId; ++i) into.busId[i] = pci.busIdLegacy[i];
}
constexpr void narrow(const nvmlPciInfo_t& pci, nvmlPciInfo_v2_t& into) {
  into = {{}, pci.domain, pci.bus, pci.device, pci.pciDeviceId, pci.pciSubSystemId, 0, 0, 0, 0};
  for (std::size_t i = 0; i < sizeof into.busId; ++i) into.busId[i] = pci.busIdLegacy[i];
}
constexpr void narrow(const nvmlDeviceAttributes_t& all, nvmlDeviceAttributes_t& into) { into = all; }
constexpr void narrow(const nvmlDeviceAttributes_t& all, nvmlDeviceAttributes_v1_t& into) {
  into = {all.multiprocessorCount, all.sharedCopyEngineCount, all.sharedDecoderCount,
          all.sharedEncoderCount,  all.sharedJpegCount,       all.sharedOfaCount};
}
constexpr void narrow(const nvmlComputeInstanceInfo_t& all, nvmlComputeInstanceInfo_t& into) { into = all; }
constexpr void narrow(const nvmlComputeInstanceInfo_t& all, nvmlComputeInstanceInfo_v1_t& into) {
  into = {all.device, all.gpuInstance, all.id, all.profileId};
}
constexpr void narrow(const nvmlEventData_t& all, nvmlEventData_t& into) { into = all; }
constexpr void narrow(const nvmlEventData_t& all, nvmlEventData_v1_t& into) {
  into = {all.device, all.eventType, all.eventData};
}

}  // namespace gpuslice::abi
