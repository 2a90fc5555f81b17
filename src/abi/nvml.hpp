// The part of NVML's C ABI that gpuslice uses: return codes, constants, struct layouts (x86-64 Linux). This header
// contains what many calls share, and the readings of a GPU. nvml_mig.hpp, nvml_processes.hpp and others contain the
// layouts of one subject each.
//
// These are our own declarations of public facts, under NVIDIA's names so that they can be looked up. Sizes and offsets
// were measured on NVML's header (API version 13, driver 580) and are asserted here as literals; a client of another
// origin (nvidia-ml-py) checks them, too. Only the rooms nvml and simnvml use them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/driver_codes.hpp"

namespace gpuslice::abi {

// The size of an int in C.
enum nvmlReturn_t : int {
  NVML_SUCCESS = driver_code("SUCCESS"),
  NVML_ERROR_UNINITIALIZED = driver_code("UNINITIALIZED"),
  NVML_ERROR_INVALID_ARGUMENT = driver_code("INVALID_ARGUMENT"),
  NVML_ERROR_NOT_SUPPORTED = driver_code("NOT_SUPPORTED"),
  NVML_ERROR_NO_PERMISSION = driver_code("NO_PERMISSION"),
  NVML_ERROR_ALREADY_INITIALIZED = driver_code("ALREADY_INITIALIZED"),
  NVML_ERROR_NOT_FOUND = driver_code("NOT_FOUND"),
  NVML_ERROR_INSUFFICIENT_SIZE = driver_code("INSUFFICIENT_SIZE"),
  NVML_ERROR_INSUFFICIENT_POWER = driver_code("INSUFFICIENT_POWER"),
  NVML_ERROR_DRIVER_NOT_LOADED = driver_code("DRIVER_NOT_LOADED"),
  NVML_ERROR_TIMEOUT = driver_code("TIMEOUT"),
  NVML_ERROR_IRQ_ISSUE = driver_code("IRQ_ISSUE"),
  NVML_ERROR_LIBRARY_NOT_FOUND = driver_code("LIBRARY_NOT_FOUND"),
  NVML_ERROR_FUNCTION_NOT_FOUND = driver_code("FUNCTION_NOT_FOUND"),
  NVML_ERROR_CORRUPTED_INFOROM = driver_code("CORRUPTED_INFOROM"),
  NVML_ERROR_GPU_IS_LOST = driver_code("GPU_IS_LOST"),
  NVML_ERROR_RESET_REQUIRED = driver_code("RESET_REQUIRED"),
  NVML_ERROR_OPERATING_SYSTEM = driver_code("OPERATING_SYSTEM"),
  NVML_ERROR_LIB_RM_VERSION_MISMATCH = driver_code("LIB_RM_VERSION_MISMATCH"),
  NVML_ERROR_IN_USE = driver_code("IN_USE"),
  NVML_ERROR_MEMORY = driver_code("MEMORY"),
  NVML_ERROR_NO_DATA = driver_code("NO_DATA"),
  NVML_ERROR_VGPU_ECC_NOT_SUPPORTED = driver_code("VGPU_ECC_NOT_SUPPORTED"),
  NVML_ERROR_INSUFFICIENT_RESOURCES = driver_code("INSUFFICIENT_RESOURCES"),
  NVML_ERROR_FREQ_NOT_SUPPORTED = driver_code("FREQ_NOT_SUPPORTED"),
  NVML_ERROR_ARGUMENT_VERSION_MISMATCH = driver_code("ARGUMENT_VERSION_MISMATCH"),
  NVML_ERROR_DEPRECATED = driver_code("DEPRECATED"),
  NVML_ERROR_NOT_READY = driver_code("NOT_READY"),
  NVML_ERROR_GPU_NOT_FOUND = driver_code("GPU_NOT_FOUND"),
  NVML_ERROR_INVALID_STATE = driver_code("INVALID_STATE"),
  NVML_ERROR_RESET_TYPE_NOT_SUPPORTED = driver_code("RESET_TYPE_NOT_SUPPORTED"),
  NVML_ERROR_UNKNOWN = driver_code("UNKNOWN"),
};

// Handles are opaque pointers.
using nvmlDevice_t = struct nvmlDevice_st*;
using nvmlGpuInstance_t = struct nvmlGpuInstance_st*;
using nvmlComputeInstance_t = struct nvmlComputeInstance_st*;
using nvmlEventSet_t = struct nvmlEventSet_st*;

// Sizes of text buffers in bytes, including the terminating NUL.
inline constexpr unsigned NVML_DEVICE_UUID_ASCII_LEN = 41;
inline constexpr unsigned NVML_DEVICE_UUID_BINARY_LEN = 16;
inline constexpr unsigned NVML_DEVICE_UUID_V2_BUFFER_SIZE = 96;
inline constexpr unsigned NVML_DEVICE_NAME_V2_BUFFER_SIZE = 96;
inline constexpr unsigned NVML_DEVICE_SERIAL_BUFFER_SIZE = 30;
inline constexpr unsigned NVML_DEVICE_VBIOS_VERSION_BUFFER_SIZE = 32;
inline constexpr unsigned NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE = 80;
inline constexpr unsigned NVML_SYSTEM_NVML_VERSION_BUFFER_SIZE = 80;

inline constexpr unsigned long long NVML_VALUE_NOT_AVAILABLE = ~0ULL;  // instead of a memory size
inline constexpr unsigned NVML_NO_INSTANCE_ID = 0xFFFFFFFF;  // instance id of a process that is in no instance

// Arguments of functions that take an enumeration.
inline constexpr unsigned NVML_DEVICE_MIG_DISABLE = 0;
inline constexpr unsigned NVML_DEVICE_MIG_ENABLE = 1;
inline constexpr unsigned NVML_COMPUTE_INSTANCE_ENGINE_PROFILE_SHARED = 0;
inline constexpr unsigned NVML_TEMPERATURE_GPU = 0;
inline constexpr unsigned NVML_MEMORY_ERROR_TYPE_UNCORRECTED = 1;
inline constexpr unsigned NVML_VOLATILE_ECC = 0;
inline constexpr unsigned NVML_MEMORY_LOCATION_SRAM = 7;

// Event types, as bits.
inline constexpr unsigned long long nvmlEventTypeSingleBitEccError = 0x1;
inline constexpr unsigned long long nvmlEventTypeDoubleBitEccError = 0x2;
inline constexpr unsigned long long nvmlEventTypeXidCriticalError = 0x8;
inline constexpr unsigned long long nvmlEventMigConfigChange = 0x100;
inline constexpr unsigned long long nvmlEventTypeAll = 0xff9f;

union nvmlValue_t {
  double dVal;
  int siVal;
  std::uint32_t uiVal;
  unsigned long long ullVal;
  long long sllVal;
  std::uint16_t usVal;
};
static_assert(sizeof(nvmlValue_t) == 8);
union nvmlUUIDValue_t {
  char str[NVML_DEVICE_UUID_ASCII_LEN];
  std::uint8_t bytes[NVML_DEVICE_UUID_BINARY_LEN];
};
static_assert(sizeof(nvmlUUIDValue_t) == 41);

// Values of version fields: sizeof(struct) | version << 24.
template <class Struct>
constexpr bool says(unsigned word, unsigned version) {
  return word == (static_cast<unsigned>(sizeof(Struct)) | version << 24);
}
inline constexpr unsigned nvmlPciInfoExt_v1 = 0x01000040;
inline constexpr unsigned nvmlMemory_v2 = 0x02000028;
inline constexpr unsigned nvmlUUID_v1 = 0x01000034;
inline constexpr unsigned nvmlPdi_v1 = 0x01000010;
inline constexpr unsigned nvmlTemperature_v1 = 0x0100000C;
inline constexpr unsigned nvmlGpuFabricInfo_v2 = 0x02000024;
inline constexpr unsigned nvmlGpuFabricInfo_v3 = 0x03000028;
inline constexpr unsigned nvmlPlatformInfo_v1 = 0x0100002C;  // the fields of version 2, but with other names
inline constexpr unsigned nvmlPlatformInfo_v2 = 0x0200002C;
inline constexpr unsigned nvmlSystemDriverBranchInfo_v1 = 0x01000054;
inline constexpr unsigned nvmlDeviceCapabilities_v1 = 0x01000008;
inline constexpr unsigned nvmlC2cModeInfo_v1 = 0x01000004;
inline constexpr unsigned nvmlDeviceAddressingMode_v1 = 0x01000008;

struct nvmlPciInfo_t {
  char busIdLegacy[16];
  std::uint32_t domain;
  std::uint32_t bus;
  std::uint32_t device;
  std::uint32_t pciDeviceId;
  std::uint32_t pciSubSystemId;
  char busId[32];
};
static_assert(sizeof(nvmlPciInfo_t) == 68);
static_assert(offsetof(nvmlPciInfo_t, busIdLegacy) == 0 && offsetof(nvmlPciInfo_t, domain) == 16 &&
              offsetof(nvmlPciInfo_t, bus) == 20 && offsetof(nvmlPciInfo_t, device) == 24 &&
              offsetof(nvmlPciInfo_t, pciDeviceId) == 28 && offsetof(nvmlPciInfo_t, pciSubSystemId) == 32 &&
              offsetof(nvmlPciInfo_t, busId) == 36);

struct nvmlPciInfoExt_v1_t {
  std::uint32_t version;
  std::uint32_t domain;
  std::uint32_t bus;
  std::uint32_t device;
  std::uint32_t pciDeviceId;
  std::uint32_t pciSubSystemId;
  std::uint32_t baseClass;
  std::uint32_t subClass;
  char busId[32];
};
static_assert(sizeof(nvmlPciInfoExt_v1_t) == 64);
static_assert(offsetof(nvmlPciInfoExt_v1_t, version) == 0 && offsetof(nvmlPciInfoExt_v1_t, domain) == 4 &&
              offsetof(nvmlPciInfoExt_v1_t, bus) == 8 && offsetof(nvmlPciInfoExt_v1_t, device) == 12 &&
              offsetof(nvmlPciInfoExt_v1_t, pciDeviceId) == 16 && offsetof(nvmlPciInfoExt_v1_t, pciSubSystemId) == 20 &&
              offsetof(nvmlPciInfoExt_v1_t, baseClass) == 24 && offsetof(nvmlPciInfoExt_v1_t, subClass) == 28 &&
              offsetof(nvmlPciInfoExt_v1_t, busId) == 32);

struct nvmlMemory_t {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};
static_assert(sizeof(nvmlMemory_t) == 24);
static_assert(offsetof(nvmlMemory_t, total) == 0 && offsetof(nvmlMemory_t, free) == 8 &&
              offsetof(nvmlMemory_t, used) == 16);

struct nvmlMemory_v2_t {
  std::uint32_t version;
  unsigned long long total;
  unsigned long long reserved;
  unsigned long long free;
  unsigned long long used;
};
static_assert(sizeof(nvmlMemory_v2_t) == 40);
static_assert(offsetof(nvmlMemory_v2_t, version) == 0 && offsetof(nvmlMemory_v2_t, total) == 8 &&
              offsetof(nvmlMemory_v2_t, reserved) == 16 && offsetof(nvmlMemory_v2_t, free) == 24 &&
              offsetof(nvmlMemory_v2_t, used) == 32);

struct nvmlBAR1Memory_t {
  unsigned long long bar1Total;
  unsigned long long bar1Free;
  unsigned long long bar1Used;
};
static_assert(sizeof(nvmlBAR1Memory_t) == 24);
static_assert(offsetof(nvmlBAR1Memory_t, bar1Total) == 0 && offsetof(nvmlBAR1Memory_t, bar1Free) == 8 &&
              offsetof(nvmlBAR1Memory_t, bar1Used) == 16);

struct nvmlUtilization_t {
  std::uint32_t gpu;
  std::uint32_t memory;
};
static_assert(sizeof(nvmlUtilization_t) == 8);
static_assert(offsetof(nvmlUtilization_t, gpu) == 0 && offsetof(nvmlUtilization_t, memory) == 4);

struct nvmlUUID_v1_t {
  std::uint32_t version;
  std::uint32_t type;
  nvmlUUIDValue_t value;
};
static_assert(sizeof(nvmlUUID_v1_t) == 52);
static_assert(offsetof(nvmlUUID_v1_t, version) == 0 && offsetof(nvmlUUID_v1_t, type) == 4 &&
              offsetof(nvmlUUID_v1_t, value) == 8);

struct nvmlPdi_v1_t {
  std::uint32_t version;
  unsigned long long value;
};
static_assert(sizeof(nvmlPdi_v1_t) == 16);
static_assert(offsetof(nvmlPdi_v1_t, version) == 0 && offsetof(nvmlPdi_v1_t, value) == 8);

struct nvmlFieldValue_t {
  std::uint32_t fieldId;
  std::uint32_t scopeId;
  long long timestamp;
  long long latencyUsec;
  std::uint32_t valueType;
  nvmlReturn_t nvmlReturn;
  nvmlValue_t value;
};
static_assert(sizeof(nvmlFieldValue_t) == 40);
static_assert(offsetof(nvmlFieldValue_t, fieldId) == 0 && offsetof(nvmlFieldValue_t, scopeId) == 4 &&
              offsetof(nvmlFieldValue_t, timestamp) == 8 && offsetof(nvmlFieldValue_t, latencyUsec) == 16 &&
              offsetof(nvmlFieldValue_t, valueType) == 24 && offsetof(nvmlFieldValue_t, nvmlReturn) == 28 &&
              offsetof(nvmlFieldValue_t, value) == 32);

struct nvmlSample_t {
  unsigned long long timeStamp;
  nvmlValue_t sampleValue;
};
static_assert(sizeof(nvmlSample_t) == 16);
static_assert(offsetof(nvmlSample_t, timeStamp) == 0 && offsetof(nvmlSample_t, sampleValue) == 8);

struct nvmlEventData_t {
  nvmlDevice_t device;
  unsigned long long eventType;
  unsigned long long eventData;
  std::uint32_t gpuInstanceId;
  std::uint32_t computeInstanceId;
};
static_assert(sizeof(nvmlEventData_t) == 32);
static_assert(offsetof(nvmlEventData_t, device) == 0 && offsetof(nvmlEventData_t, eventType) == 8 &&
              offsetof(nvmlEventData_t, eventData) == 16 && offsetof(nvmlEventData_t, gpuInstanceId) == 24 &&
              offsetof(nvmlEventData_t, computeInstanceId) == 28);

struct nvmlTemperature_v1_t {
  std::uint32_t version;
  std::uint32_t sensorType;
  int temperature;
};
static_assert(sizeof(nvmlTemperature_v1_t) == 12);
static_assert(offsetof(nvmlTemperature_v1_t, version) == 0 && offsetof(nvmlTemperature_v1_t, sensorType) == 4 &&
              offsetof(nvmlTemperature_v1_t, temperature) == 8);

struct nvmlEccErrorCounts_t {
  unsigned long long l1Cache;
  unsigned long long l2Cache;
  unsigned long long deviceMemory;
  unsigned long long registerFile;
};
static_assert(sizeof(nvmlEccErrorCounts_t) == 32);
static_assert(offsetof(nvmlEccErrorCounts_t, l1Cache) == 0 && offsetof(nvmlEccErrorCounts_t, l2Cache) == 8 &&
              offsetof(nvmlEccErrorCounts_t, deviceMemory) == 16 && offsetof(nvmlEccErrorCounts_t, registerFile) == 24);

struct nvmlRemappedRowsInfo_v2_t {
  std::uint32_t corrActiveRemaps;
  std::uint32_t corrInactiveRemaps;
  std::uint32_t uncActiveRemaps;
  std::uint32_t uncInactiveRemaps;
  std::uint32_t bPending;
  std::uint32_t bFailureOccurred;
};
static_assert(sizeof(nvmlRemappedRowsInfo_v2_t) == 24);
static_assert(offsetof(nvmlRemappedRowsInfo_v2_t, corrActiveRemaps) == 0 &&
              offsetof(nvmlRemappedRowsInfo_v2_t, corrInactiveRemaps) == 4 &&
              offsetof(nvmlRemappedRowsInfo_v2_t, uncActiveRemaps) == 8 &&
              offsetof(nvmlRemappedRowsInfo_v2_t, uncInactiveRemaps) == 12 &&
              offsetof(nvmlRemappedRowsInfo_v2_t, bPending) == 16 &&
              offsetof(nvmlRemappedRowsInfo_v2_t, bFailureOccurred) == 20);

struct nvmlRowRemapperHistogramValues_t {
  std::uint32_t max;
  std::uint32_t high;
  std::uint32_t partial;
  std::uint32_t low;
  std::uint32_t none;
};
static_assert(sizeof(nvmlRowRemapperHistogramValues_t) == 20);
static_assert(offsetof(nvmlRowRemapperHistogramValues_t, max) == 0 &&
              offsetof(nvmlRowRemapperHistogramValues_t, high) == 4 &&
              offsetof(nvmlRowRemapperHistogramValues_t, partial) == 8 &&
              offsetof(nvmlRowRemapperHistogramValues_t, low) == 12 &&
              offsetof(nvmlRowRemapperHistogramValues_t, none) == 16);

struct nvmlGpuFabricInfo_t {
  std::uint8_t clusterUuid[16];
  nvmlReturn_t status;
  std::uint32_t cliqueId;
  std::uint8_t state;
};
static_assert(sizeof(nvmlGpuFabricInfo_t) == 28);
static_assert(offsetof(nvmlGpuFabricInfo_t, clusterUuid) == 0 && offsetof(nvmlGpuFabricInfo_t, status) == 16 &&
              offsetof(nvmlGpuFabricInfo_t, cliqueId) == 20 && offsetof(nvmlGpuFabricInfo_t, state) == 24);

struct nvmlGpuFabricInfo_v2_t {
  std::uint32_t version;
  std::uint8_t clusterUuid[16];
  nvmlReturn_t status;
  std::uint32_t cliqueId;
  std::uint8_t state;
  std::uint32_t healthMask;
};
static_assert(sizeof(nvmlGpuFabricInfo_v2_t) == 36);
static_assert(offsetof(nvmlGpuFabricInfo_v2_t, version) == 0 && offsetof(nvmlGpuFabricInfo_v2_t, clusterUuid) == 4 &&
              offsetof(nvmlGpuFabricInfo_v2_t, status) == 20 && offsetof(nvmlGpuFabricInfo_v2_t, cliqueId) == 24 &&
              offsetof(nvmlGpuFabricInfo_v2_t, state) == 28 && offsetof(nvmlGpuFabricInfo_v2_t, healthMask) == 32);

struct nvmlGpuFabricInfo_v3_t {
  std::uint32_t version;
  std::uint8_t clusterUuid[16];
  nvmlReturn_t status;
  std::uint32_t cliqueId;
  std::uint8_t state;
  std::uint32_t healthMask;
  std::uint8_t healthSummary;
};
static_assert(sizeof(nvmlGpuFabricInfo_v3_t) == 40);
static_assert(offsetof(nvmlGpuFabricInfo_v3_t, version) == 0 && offsetof(nvmlGpuFabricInfo_v3_t, clusterUuid) == 4 &&
              offsetof(nvmlGpuFabricInfo_v3_t, status) == 20 && offsetof(nvmlGpuFabricInfo_v3_t, cliqueId) == 24 &&
              offsetof(nvmlGpuFabricInfo_v3_t, state) == 28 && offsetof(nvmlGpuFabricInfo_v3_t, healthMask) == 32 &&
              offsetof(nvmlGpuFabricInfo_v3_t, healthSummary) == 36);

struct nvmlPlatformInfo_v2_t {
  std::uint32_t version;
  std::uint8_t ibGuid[16];
  std::uint8_t chassisSerialNumber[16];
  std::uint8_t slotNumber;
  std::uint8_t trayIndex;
  std::uint8_t hostId;
  std::uint8_t peerType;
  std::uint8_t moduleId;
};
static_assert(sizeof(nvmlPlatformInfo_v2_t) == 44);
static_assert(offsetof(nvmlPlatformInfo_v2_t, version) == 0 && offsetof(nvmlPlatformInfo_v2_t, ibGuid) == 4 &&
              offsetof(nvmlPlatformInfo_v2_t, chassisSerialNumber) == 20 &&
              offsetof(nvmlPlatformInfo_v2_t, slotNumber) == 36 && offsetof(nvmlPlatformInfo_v2_t, trayIndex) == 37 &&
              offsetof(nvmlPlatformInfo_v2_t, hostId) == 38 && offsetof(nvmlPlatformInfo_v2_t, peerType) == 39 &&
              offsetof(nvmlPlatformInfo_v2_t, moduleId) == 40);

struct nvmlSystemDriverBranchInfo_v1_t {
  std::uint32_t version;
  char branch[80];
};
static_assert(sizeof(nvmlSystemDriverBranchInfo_v1_t) == 84);
static_assert(offsetof(nvmlSystemDriverBranchInfo_v1_t, version) == 0 &&
              offsetof(nvmlSystemDriverBranchInfo_v1_t, branch) == 4);

struct nvmlDeviceCapabilities_v1_t {
  std::uint32_t version;
  std::uint32_t capMask;
};
static_assert(sizeof(nvmlDeviceCapabilities_v1_t) == 8);
static_assert(offsetof(nvmlDeviceCapabilities_v1_t, version) == 0 &&
              offsetof(nvmlDeviceCapabilities_v1_t, capMask) == 4);

struct nvmlC2cModeInfo_v1_t {
  std::uint32_t isC2cEnabled;
};
static_assert(sizeof(nvmlC2cModeInfo_v1_t) == 4);
static_assert(offsetof(nvmlC2cModeInfo_v1_t, isC2cEnabled) == 0);

struct nvmlExcludedDeviceInfo_t {
  nvmlPciInfo_t pciInfo;
  char uuid[80];
};
static_assert(sizeof(nvmlExcludedDeviceInfo_t) == 148);
static_assert(offsetof(nvmlExcludedDeviceInfo_t, pciInfo) == 0 && offsetof(nvmlExcludedDeviceInfo_t, uuid) == 68);

struct nvmlViolationTime_t {
  unsigned long long referenceTime;
  unsigned long long violationTime;
};
static_assert(sizeof(nvmlViolationTime_t) == 16);
static_assert(offsetof(nvmlViolationTime_t, referenceTime) == 0 && offsetof(nvmlViolationTime_t, violationTime) == 8);

struct nvmlGpmSupport_t {
  std::uint32_t version;
  std::uint32_t isSupportedDevice;
};
static_assert(sizeof(nvmlGpmSupport_t) == 8);
static_assert(offsetof(nvmlGpmSupport_t, version) == 0 && offsetof(nvmlGpmSupport_t, isSupportedDevice) == 4);

// Addressing mode: 0 none, 1 HMM, 2 ATS (nvidia-smi --query-gpu=addressing_mode).
struct nvmlDeviceAddressingMode_v1_t {
  std::uint32_t version;
  std::uint32_t value;
};
static_assert(sizeof(nvmlDeviceAddressingMode_v1_t) == 8);
static_assert(offsetof(nvmlDeviceAddressingMode_v1_t, version) == 0 &&
              offsetof(nvmlDeviceAddressingMode_v1_t, value) == 4);

static_assert(says<nvmlPciInfoExt_v1_t>(nvmlPciInfoExt_v1, 1));
static_assert(says<nvmlMemory_v2_t>(nvmlMemory_v2, 2));
static_assert(says<nvmlUUID_v1_t>(nvmlUUID_v1, 1));
static_assert(says<nvmlPdi_v1_t>(nvmlPdi_v1, 1));
static_assert(says<nvmlTemperature_v1_t>(nvmlTemperature_v1, 1));
static_assert(says<nvmlGpuFabricInfo_v2_t>(nvmlGpuFabricInfo_v2, 2));
static_assert(says<nvmlGpuFabricInfo_v3_t>(nvmlGpuFabricInfo_v3, 3));
static_assert(says<nvmlPlatformInfo_v2_t>(nvmlPlatformInfo_v2, 2));
static_assert(says<nvmlSystemDriverBranchInfo_v1_t>(nvmlSystemDriverBranchInfo_v1, 1));
static_assert(says<nvmlDeviceCapabilities_v1_t>(nvmlDeviceCapabilities_v1, 1));
static_assert(says<nvmlC2cModeInfo_v1_t>(nvmlC2cModeInfo_v1, 1));
static_assert(says<nvmlDeviceAddressingMode_v1_t>(nvmlDeviceAddressingMode_v1, 1));

}  // namespace gpuslice::abi
