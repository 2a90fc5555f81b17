// The layout of NVML's structs, read from the header a second time: sizes, offsets and version values as literals. They
// are separate from the assertions next to the declarations, so that a mistake in one of them is detected.
// Source: NVML's public header (API version 13), compiled for x86-64 Linux.
#include "abi/nvml.hpp"
#include "abi/nvml_mig.hpp"

#include "abi/nvml_older.hpp"
#include "abi/nvml_processes.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string_view>

namespace gpuslice::abi {
namespace {

struct Size {
  std::string_view name;
  std::size_t ours, header;
};
#define SIZE(type, header) {#type, sizeof(type), header}
constexpr Size sizes[] = {
    SIZE(nvmlGpuInstancePlacement_t, 8),
    SIZE(nvmlGpuInstanceProfileInfo_t, 48),
    SIZE(nvmlGpuInstanceProfileInfo_v2_t, 152),
    SIZE(nvmlGpuInstanceProfileInfo_v3_t, 152),
    SIZE(nvmlGpuInstanceInfo_t, 24),
    SIZE(nvmlComputeInstancePlacement_t, 8),
    SIZE(nvmlComputeInstanceProfileInfo_t, 36),
    SIZE(nvmlComputeInstanceProfileInfo_v2_t, 136),
    SIZE(nvmlComputeInstanceProfileInfo_v3_t, 140),
    SIZE(nvmlComputeInstanceInfo_t, 32),
    SIZE(nvmlDeviceAttributes_t, 40),
    SIZE(nvmlPciInfo_t, 68),
    SIZE(nvmlPciInfoExt_v1_t, 64),
    SIZE(nvmlMemory_t, 24),
    SIZE(nvmlMemory_v2_t, 40),
    SIZE(nvmlBAR1Memory_t, 24),
    SIZE(nvmlUtilization_t, 8),
    SIZE(nvmlUUID_v1_t, 52),
    SIZE(nvmlPdi_v1_t, 16),
    SIZE(nvmlFieldValue_t, 40),
    SIZE(nvmlSample_t, 16),
    SIZE(nvmlEventData_t, 32),
    SIZE(nvmlTemperature_v1_t, 12),
    SIZE(nvmlEccErrorCounts_t, 32),
    SIZE(nvmlRemappedRowsInfo_v2_t, 24),
    SIZE(nvmlRowRemapperHistogramValues_t, 20),
    SIZE(nvmlGpuFabricInfo_t, 28),
    SIZE(nvmlGpuFabricInfo_v2_t, 36),
    SIZE(nvmlGpuFabricInfo_v3_t, 40),
    SIZE(nvmlPlatformInfo_v2_t, 44),
    SIZE(nvmlSystemDriverBranchInfo_v1_t, 84),
    SIZE(nvmlDeviceCapabilities_v1_t, 8),
    SIZE(nvmlC2cModeInfo_v1_t, 4),
    SIZE(nvmlExcludedDeviceInfo_t, 148),
    SIZE(nvmlViolationTime_t, 16),
    SIZE(nvmlGpmSupport_t, 8),
    SIZE(nvmlProcessInfo_v1_t, 16),
    SIZE(nvmlProcessInfo_v2_t, 24),
    SIZE(nvmlProcessDetail_v1_t, 32),
    SIZE(nvmlProcessDetailList_v1_t, 24),
    SIZE(nvmlProcessUtilizationSample_t, 32),
    SIZE(nvmlProcessUtilizationInfo_v1_t, 40),
    SIZE(nvmlProcessesUtilizationInfo_v1_t, 24),
    SIZE(nvmlAccountingStats_t, 56),
    SIZE(nvmlAccountingStats_v2_t, 64),
    SIZE(nvmlDeviceAddressingMode_v1_t, 8),
    SIZE(nvmlPciInfo_v1_t, 32),
    SIZE(nvmlPciInfo_v2_t, 52),
    SIZE(nvmlDeviceAttributes_v1_t, 24),
    SIZE(nvmlComputeInstanceInfo_v1_t, 24),
    SIZE(nvmlEventData_v1_t, 24),
};
#undef SIZE

struct Field {
  std::string_view name;
  std::size_t ours, header;
};
// clang-format off
#define AT(type, field, header) {#type "." #field, offsetof(type, field), header}
constexpr Field fields[] = {
    AT(nvmlGpuInstancePlacement_t, start, 0), AT(nvmlGpuInstancePlacement_t, size, 4),
    AT(nvmlGpuInstanceProfileInfo_t, id, 0), AT(nvmlGpuInstanceProfileInfo_t, isP2pSupported, 4),
    AT(nvmlGpuInstanceProfileInfo_t, sliceCount, 8), AT(nvmlGpuInstanceProfileInfo_t, instanceCount, 12),
    AT(nvmlGpuInstanceProfileInfo_t, multiprocessorCount, 16), AT(nvmlGpuInstanceProfileInfo_t, copyEngineCount, 20),
    AT(nvmlGpuInstanceProfileInfo_t, decoderCount, 24), AT(nvmlGpuInstanceProfileInfo_t, encoderCount, 28),
    AT(nvmlGpuInstanceProfileInfo_t, jpegCount, 32), AT(nvmlGpuInstanceProfileInfo_t, ofaCount, 36),
    AT(nvmlGpuInstanceProfileInfo_t, memorySizeMB, 40),
    AT(nvmlGpuInstanceProfileInfo_v2_t, version, 0), AT(nvmlGpuInstanceProfileInfo_v2_t, id, 4),
    AT(nvmlGpuInstanceProfileInfo_v2_t, isP2pSupported, 8), AT(nvmlGpuInstanceProfileInfo_v2_t, sliceCount, 12),
    AT(nvmlGpuInstanceProfileInfo_v2_t, instanceCount, 16),
    AT(nvmlGpuInstanceProfileInfo_v2_t, multiprocessorCount, 20),
    AT(nvmlGpuInstanceProfileInfo_v2_t, copyEngineCount, 24), AT(nvmlGpuInstanceProfileInfo_v2_t, decoderCount, 28),
    AT(nvmlGpuInstanceProfileInfo_v2_t, encoderCount, 32), AT(nvmlGpuInstanceProfileInfo_v2_t, jpegCount, 36),
    AT(nvmlGpuInstanceProfileInfo_v2_t, ofaCount, 40), AT(nvmlGpuInstanceProfileInfo_v2_t, memorySizeMB, 48),
    AT(nvmlGpuInstanceProfileInfo_v2_t, name, 56),
    AT(nvmlGpuInstanceProfileInfo_v3_t, version, 0), AT(nvmlGpuInstanceProfileInfo_v3_t, id, 4),
    AT(nvmlGpuInstanceProfileInfo_v3_t, sliceCount, 8), AT(nvmlGpuInstanceProfileInfo_v3_t, instanceCount, 12),
    AT(nvmlGpuInstanceProfileInfo_v3_t, multiprocessorCount, 16),
    AT(nvmlGpuInstanceProfileInfo_v3_t, copyEngineCount, 20), AT(nvmlGpuInstanceProfileInfo_v3_t, decoderCount, 24),
    AT(nvmlGpuInstanceProfileInfo_v3_t, encoderCount, 28), AT(nvmlGpuInstanceProfileInfo_v3_t, jpegCount, 32),
    AT(nvmlGpuInstanceProfileInfo_v3_t, ofaCount, 36), AT(nvmlGpuInstanceProfileInfo_v3_t, memorySizeMB, 40),
    AT(nvmlGpuInstanceProfileInfo_v3_t, name, 48), AT(nvmlGpuInstanceProfileInfo_v3_t, capabilities, 144),
    AT(nvmlGpuInstanceInfo_t, device, 0), AT(nvmlGpuInstanceInfo_t, id, 8), AT(nvmlGpuInstanceInfo_t, profileId, 12),
    AT(nvmlGpuInstanceInfo_t, placement, 16),
    AT(nvmlComputeInstancePlacement_t, start, 0), AT(nvmlComputeInstancePlacement_t, size, 4),
    AT(nvmlComputeInstanceProfileInfo_t, id, 0), AT(nvmlComputeInstanceProfileInfo_t, sliceCount, 4),
    AT(nvmlComputeInstanceProfileInfo_t, instanceCount, 8),
    AT(nvmlComputeInstanceProfileInfo_t, multiprocessorCount, 12),
    AT(nvmlComputeInstanceProfileInfo_t, sharedCopyEngineCount, 16),
    AT(nvmlComputeInstanceProfileInfo_t, sharedDecoderCount, 20),
    AT(nvmlComputeInstanceProfileInfo_t, sharedEncoderCount, 24),
    AT(nvmlComputeInstanceProfileInfo_t, sharedJpegCount, 28),
    AT(nvmlComputeInstanceProfileInfo_t, sharedOfaCount, 32),
    AT(nvmlComputeInstanceProfileInfo_v2_t, version, 0), AT(nvmlComputeInstanceProfileInfo_v2_t, id, 4),
    AT(nvmlComputeInstanceProfileInfo_v2_t, sliceCount, 8),
    AT(nvmlComputeInstanceProfileInfo_v2_t, instanceCount, 12),
    AT(nvmlComputeInstanceProfileInfo_v2_t, multiprocessorCount, 16),
    AT(nvmlComputeInstanceProfileInfo_v2_t, sharedCopyEngineCount, 20),
    AT(nvmlComputeInstanceProfileInfo_v2_t, sharedDecoderCount, 24),
    AT(nvmlComputeInstanceProfileInfo_v2_t, sharedEncoderCount, 28),
    AT(nvmlComputeInstanceProfileInfo_v2_t, sharedJpegCount, 32),
    AT(nvmlComputeInstanceProfileInfo_v2_t, sharedOfaCount, 36), AT(nvmlComputeInstanceProfileInfo_v2_t, name, 40),
    AT(nvmlComputeInstanceProfileInfo_v3_t, version, 0), AT(nvmlComputeInstanceProfileInfo_v3_t, id, 4),
    AT(nvmlComputeInstanceProfileInfo_v3_t, sliceCount, 8),
    AT(nvmlComputeInstanceProfileInfo_v3_t, instanceCount, 12),
    AT(nvmlComputeInstanceProfileInfo_v3_t, multiprocessorCount, 16),
    AT(nvmlComputeInstanceProfileInfo_v3_t, sharedCopyEngineCount, 20),
    AT(nvmlComputeInstanceProfileInfo_v3_t, sharedDecoderCount, 24),
    AT(nvmlComputeInstanceProfileInfo_v3_t, sharedEncoderCount, 28),
    AT(nvmlComputeInstanceProfileInfo_v3_t, sharedJpegCount, 32),
    AT(nvmlComputeInstanceProfileInfo_v3_t, sharedOfaCount, 36), AT(nvmlComputeInstanceProfileInfo_v3_t, name, 40),
    AT(nvmlComputeInstanceProfileInfo_v3_t, capabilities, 136),
    AT(nvmlComputeInstanceInfo_t, device, 0), AT(nvmlComputeInstanceInfo_t, gpuInstance, 8),
    AT(nvmlComputeInstanceInfo_t, id, 16), AT(nvmlComputeInstanceInfo_t, profileId, 20),
    AT(nvmlComputeInstanceInfo_t, placement, 24),
    AT(nvmlDeviceAttributes_t, multiprocessorCount, 0), AT(nvmlDeviceAttributes_t, sharedCopyEngineCount, 4),
    AT(nvmlDeviceAttributes_t, sharedDecoderCount, 8), AT(nvmlDeviceAttributes_t, sharedEncoderCount, 12),
    AT(nvmlDeviceAttributes_t, sharedJpegCount, 16), AT(nvmlDeviceAttributes_t, sharedOfaCount, 20),
    AT(nvmlDeviceAttributes_t, gpuInstanceSliceCount, 24), AT(nvmlDeviceAttributes_t, computeInstanceSliceCount, 28),
    AT(nvmlDeviceAttributes_t, memorySizeMB, 32),
    AT(nvmlPciInfo_t, busIdLegacy, 0), AT(nvmlPciInfo_t, domain, 16), AT(nvmlPciInfo_t, bus, 20),
    AT(nvmlPciInfo_t, device, 24), AT(nvmlPciInfo_t, pciDeviceId, 28), AT(nvmlPciInfo_t, pciSubSystemId, 32),
    AT(nvmlPciInfo_t, busId, 36),
    AT(nvmlPciInfoExt_v1_t, version, 0), AT(nvmlPciInfoExt_v1_t, domain, 4), AT(nvmlPciInfoExt_v1_t, bus, 8),
    AT(nvmlPciInfoExt_v1_t, device, 12), AT(nvmlPciInfoExt_v1_t, pciDeviceId, 16),
    AT(nvmlPciInfoExt_v1_t, pciSubSystemId, 20), AT(nvmlPciInfoExt_v1_t, baseClass, 24),
    AT(nvmlPciInfoExt_v1_t, subClass, 28), AT(nvmlPciInfoExt_v1_t, busId, 32),
    AT(nvmlMemory_t, total, 0), AT(nvmlMemory_t, free, 8), AT(nvmlMemory_t, used, 16),
    AT(nvmlMemory_v2_t, version, 0), AT(nvmlMemory_v2_t, total, 8), AT(nvmlMemory_v2_t, reserved, 16),
    AT(nvmlMemory_v2_t, free, 24), AT(nvmlMemory_v2_t, used, 32),
    AT(nvmlBAR1Memory_t, bar1Total, 0), AT(nvmlBAR1Memory_t, bar1Free, 8), AT(nvmlBAR1Memory_t, bar1Used, 16),
    AT(nvmlUtilization_t, gpu, 0), AT(nvmlUtilization_t, memory, 4),
    AT(nvmlUUID_v1_t, version, 0), AT(nvmlUUID_v1_t, type, 4), AT(nvmlUUID_v1_t, value, 8),
    AT(nvmlPdi_v1_t, version, 0), AT(nvmlPdi_v1_t, value, 8),
    AT(nvmlFieldValue_t, fieldId, 0), AT(nvmlFieldValue_t, scopeId, 4), AT(nvmlFieldValue_t, timestamp, 8),
    AT(nvmlFieldValue_t, latencyUsec, 16), AT(nvmlFieldValue_t, valueType, 24), AT(nvmlFieldValue_t, nvmlReturn, 28),
    AT(nvmlFieldValue_t, value, 32),
    AT(nvmlSample_t, timeStamp, 0), AT(nvmlSample_t, sampleValue, 8),
    AT(nvmlEventData_t, device, 0), AT(nvmlEventData_t, eventType, 8), AT(nvmlEventData_t, eventData, 16),
    AT(nvmlEventData_t, gpuInstanceId, 24), AT(nvmlEventData_t, computeInstanceId, 28),
    AT(nvmlTemperature_v1_t, version, 0), AT(nvmlTemperature_v1_t, sensorType, 4),
    AT(nvmlTemperature_v1_t, temperature, 8),
    AT(nvmlEccErrorCounts_t, l1Cache, 0), AT(nvmlEccErrorCounts_t, l2Cache, 8),
    AT(nvmlEccErrorCounts_t, deviceMemory, 16), AT(nvmlEccErrorCounts_t, registerFile, 24),
    AT(nvmlRemappedRowsInfo_v2_t, corrActiveRemaps, 0), AT(nvmlRemappedRowsInfo_v2_t, corrInactiveRemaps, 4),
    AT(nvmlRemappedRowsInfo_v2_t, uncActiveRemaps, 8), AT(nvmlRemappedRowsInfo_v2_t, uncInactiveRemaps, 12),
    AT(nvmlRemappedRowsInfo_v2_t, bPending, 16), AT(nvmlRemappedRowsInfo_v2_t, bFailureOccurred, 20),
    AT(nvmlRowRemapperHistogramValues_t, max, 0), AT(nvmlRowRemapperHistogramValues_t, high, 4),
    AT(nvmlRowRemapperHistogramValues_t, partial, 8), AT(nvmlRowRemapperHistogramValues_t, low, 12),
    AT(nvmlRowRemapperHistogramValues_t, none, 16),
    AT(nvmlGpuFabricInfo_t, clusterUuid, 0), AT(nvmlGpuFabricInfo_t, status, 16),
    AT(nvmlGpuFabricInfo_t, cliqueId, 20), AT(nvmlGpuFabricInfo_t, state, 24),
    AT(nvmlGpuFabricInfo_v2_t, version, 0), AT(nvmlGpuFabricInfo_v2_t, clusterUuid, 4),
    AT(nvmlGpuFabricInfo_v2_t, status, 20), AT(nvmlGpuFabricInfo_v2_t, cliqueId, 24),
    AT(nvmlGpuFabricInfo_v2_t, state, 28), AT(nvmlGpuFabricInfo_v2_t, healthMask, 32),
    AT(nvmlGpuFabricInfo_v3_t, version, 0), AT(nvmlGpuFabricInfo_v3_t, clusterUuid, 4),
    AT(nvmlGpuFabricInfo_v3_t, status, 20), AT(nvmlGpuFabricInfo_v3_t, cliqueId, 24),
    AT(nvmlGpuFabricInfo_v3_t, state, 28), AT(nvmlGpuFabricInfo_v3_t, healthMask, 32),
    AT(nvmlGpuFabricInfo_v3_t, healthSummary, 36),
    AT(nvmlPlatformInfo_v2_t, version, 0), AT(nvmlPlatformInfo_v2_t, ibGuid, 4),
    AT(nvmlPlatformInfo_v2_t, chassisSerialNumber, 20), AT(nvmlPlatformInfo_v2_t, slotNumber, 36),
    AT(nvmlPlatformInfo_v2_t, trayIndex, 37), AT(nvmlPlatformInfo_v2_t, hostId, 38),
    AT(nvmlPlatformInfo_v2_t, peerType, 39), AT(nvmlPlatformInfo_v2_t, moduleId, 40),
    AT(nvmlSystemDriverBranchInfo_v1_t, version, 0), AT(nvmlSystemDriverBranchInfo_v1_t, branch, 4),
    AT(nvmlDeviceCapabilities_v1_t, version, 0), AT(nvmlDeviceCapabilities_v1_t, capMask, 4),
    AT(nvmlC2cModeInfo_v1_t, isC2cEnabled, 0),
    AT(nvmlExcludedDeviceInfo_t, pciInfo, 0), AT(nvmlExcludedDeviceInfo_t, uuid, 68),
    AT(nvmlViolationTime_t, referenceTime, 0), AT(nvmlViolationTime_t, violationTime, 8),
    AT(nvmlGpmSupport_t, version, 0), AT(nvmlGpmSupport_t, isSupportedDevice, 4),
    AT(nvmlProcessInfo_v1_t, pid, 0), AT(nvmlProcessInfo_v1_t, usedGpuMemory, 8),
    AT(nvmlProcessInfo_v2_t, pid, 0), AT(nvmlProcessInfo_v2_t, usedGpuMemory, 8),
    AT(nvmlProcessInfo_v2_t, gpuInstanceId, 16), AT(nvmlProcessInfo_v2_t, computeInstanceId, 20),
    AT(nvmlProcessDetail_v1_t, pid, 0), AT(nvmlProcessDetail_v1_t, usedGpuMemory, 8),
    AT(nvmlProcessDetail_v1_t, gpuInstanceId, 16), AT(nvmlProcessDetail_v1_t, computeInstanceId, 20),
    AT(nvmlProcessDetail_v1_t, usedGpuCcProtectedMemory, 24),
    AT(nvmlProcessDetailList_v1_t, version, 0), AT(nvmlProcessDetailList_v1_t, mode, 4),
    AT(nvmlProcessDetailList_v1_t, numProcArrayEntries, 8), AT(nvmlProcessDetailList_v1_t, procArray, 16),
    AT(nvmlProcessUtilizationSample_t, pid, 0), AT(nvmlProcessUtilizationSample_t, timeStamp, 8),
    AT(nvmlProcessUtilizationSample_t, smUtil, 16), AT(nvmlProcessUtilizationSample_t, memUtil, 20),
    AT(nvmlProcessUtilizationSample_t, encUtil, 24), AT(nvmlProcessUtilizationSample_t, decUtil, 28),
    AT(nvmlProcessUtilizationInfo_v1_t, timeStamp, 0), AT(nvmlProcessUtilizationInfo_v1_t, pid, 8),
    AT(nvmlProcessUtilizationInfo_v1_t, smUtil, 12), AT(nvmlProcessUtilizationInfo_v1_t, memUtil, 16),
    AT(nvmlProcessUtilizationInfo_v1_t, encUtil, 20), AT(nvmlProcessUtilizationInfo_v1_t, decUtil, 24),
    AT(nvmlProcessUtilizationInfo_v1_t, jpgUtil, 28), AT(nvmlProcessUtilizationInfo_v1_t, ofaUtil, 32),
    AT(nvmlProcessesUtilizationInfo_v1_t, version, 0), AT(nvmlProcessesUtilizationInfo_v1_t, processSamplesCount, 4),
    AT(nvmlProcessesUtilizationInfo_v1_t, lastSeenTimeStamp, 8),
    AT(nvmlProcessesUtilizationInfo_v1_t, procUtilArray, 16),
    AT(nvmlAccountingStats_t, gpuUtilization, 0), AT(nvmlAccountingStats_t, memoryUtilization, 4),
    AT(nvmlAccountingStats_t, maxMemoryUsage, 8), AT(nvmlAccountingStats_t, time, 16),
    AT(nvmlAccountingStats_t, startTime, 24), AT(nvmlAccountingStats_t, isRunning, 32),
    AT(nvmlAccountingStats_t, reserved, 36),
    AT(nvmlAccountingStats_v2_t, pid, 0), AT(nvmlAccountingStats_v2_t, isRunning, 4),
    AT(nvmlAccountingStats_v2_t, gpuUtilization, 8), AT(nvmlAccountingStats_v2_t, memoryUtilization, 12),
    AT(nvmlAccountingStats_v2_t, maxMemoryUsage, 16), AT(nvmlAccountingStats_v2_t, sampleCount, 24),
    AT(nvmlAccountingStats_v2_t, sumGpuUtil, 32), AT(nvmlAccountingStats_v2_t, sumFbUtil, 40),
    AT(nvmlAccountingStats_v2_t, time, 48), AT(nvmlAccountingStats_v2_t, startTime, 56),
};
#undef AT
// clang-format on

// The name and value of a version constant: sizeof(struct) | version << 24.
struct Word {
  std::string_view name;
  unsigned ours, header;
  std::size_t size;
};
constexpr Word words[] = {
    {"nvmlGpuInstanceProfileInfo_v2", nvmlGpuInstanceProfileInfo_v2, 0x02000098, 152},
    {"nvmlGpuInstanceProfileInfo_v3", nvmlGpuInstanceProfileInfo_v3, 0x03000098, 152},
    {"nvmlComputeInstanceProfileInfo_v2", nvmlComputeInstanceProfileInfo_v2, 0x02000088, 136},
    {"nvmlComputeInstanceProfileInfo_v3", nvmlComputeInstanceProfileInfo_v3, 0x0300008C, 140},
    {"nvmlPciInfoExt_v1", nvmlPciInfoExt_v1, 0x01000040, 64},
    {"nvmlMemory_v2", nvmlMemory_v2, 0x02000028, 40},
    {"nvmlUUID_v1", nvmlUUID_v1, 0x01000034, 52},
    {"nvmlPdi_v1", nvmlPdi_v1, 0x01000010, 16},
    {"nvmlTemperature_v1", nvmlTemperature_v1, 0x0100000C, 12},
    {"nvmlGpuFabricInfo_v2", nvmlGpuFabricInfo_v2, 0x02000024, 36},
    {"nvmlGpuFabricInfo_v3", nvmlGpuFabricInfo_v3, 0x03000028, 40},
    {"nvmlPlatformInfo_v2", nvmlPlatformInfo_v2, 0x0200002C, 44},
    {"nvmlSystemDriverBranchInfo_v1", nvmlSystemDriverBranchInfo_v1, 0x01000054, 84},
    {"nvmlDeviceCapabilities_v1", nvmlDeviceCapabilities_v1, 0x01000008, 8},
    {"nvmlC2cModeInfo_v1", nvmlC2cModeInfo_v1, 0x01000004, 4},
    {"nvmlProcessDetailList_v1", nvmlProcessDetailList_v1, 0x01000018, 24},
    {"nvmlProcessesUtilizationInfo_v1", nvmlProcessesUtilizationInfo_v1, 0x01000018, 24},
    {"nvmlDeviceAddressingMode_v1", nvmlDeviceAddressingMode_v1, 0x01000008, 8},
};

TEST(NvmlAbi, StructsHaveTheSizesOfTheHeader) {
  for (const auto& [name, ours, header] : sizes) EXPECT_EQ(ours, header) << name;
}

TEST(NvmlAbi, FieldsHaveTheOffsetsOfTheHeader) {
  for (const auto& [name, ours, header] : fields) EXPECT_EQ(ours, header) << name;
}

TEST(NvmlAbi, VersionWordsAreSizeAndVersion) {
  for (const auto& [name, ours, header, size] : words) {
    EXPECT_EQ(ours, header) << name;
    EXPECT_EQ(ours & 0xffffffU, size) << name;
    EXPECT_EQ(ours >> 24U, static_cast<unsigned>(name.back() - '0')) << name;
  }
}

// All members of a union start at the same offset, and the value of a field, a sample or a UUID is as large as its
// largest member.
TEST(NvmlAbi, UnionsAreAsLargeAsTheirLargestMember) {
  EXPECT_EQ(sizeof(nvmlValue_t), 8u);
  EXPECT_EQ(sizeof(nvmlUUIDValue_t), 41u);
  nvmlValue_t value{};
  value.ullVal = 0x0102030405060708ULL;
  EXPECT_EQ(value.uiVal, 0x05060708u);
  EXPECT_EQ(value.usVal, 0x0708u);
}

// Versions 2 and 3 of the GPU instance profile have the same size but order their fields differently: only the version
// field distinguishes them.
TEST(NvmlAbi, VersionsTwoAndThreeOfAGpuInstanceProfileDifferOnlyInOrder) {
  EXPECT_EQ(sizeof(nvmlGpuInstanceProfileInfo_v2_t), sizeof(nvmlGpuInstanceProfileInfo_v3_t));
  EXPECT_NE(offsetof(nvmlGpuInstanceProfileInfo_v2_t, name), offsetof(nvmlGpuInstanceProfileInfo_v3_t, name));
  EXPECT_NE(nvmlGpuInstanceProfileInfo_v2, nvmlGpuInstanceProfileInfo_v3);
}

TEST(NvmlAbi, AFigureThatIsNotAvailableIsAllOnes) {
  EXPECT_EQ(NVML_VALUE_NOT_AVAILABLE, 0xffffffffffffffffULL);
  EXPECT_EQ(static_cast<unsigned>(NVML_DEVICE_UUID_ASCII_LEN), 41u);
  EXPECT_EQ(static_cast<unsigned>(NVML_DEVICE_UUID_BINARY_LEN), 16u);
}

struct Code {
  int ours, header;
};
// The texts of the codes are tested in base/driver_codes_test.cpp.
constexpr Code codes[] = {
    {NVML_SUCCESS, 0},
    {NVML_ERROR_UNINITIALIZED, 1},
    {NVML_ERROR_INVALID_ARGUMENT, 2},
    {NVML_ERROR_NOT_SUPPORTED, 3},
    {NVML_ERROR_NO_PERMISSION, 4},
    {NVML_ERROR_ALREADY_INITIALIZED, 5},
    {NVML_ERROR_NOT_FOUND, 6},
    {NVML_ERROR_INSUFFICIENT_SIZE, 7},
    {NVML_ERROR_INSUFFICIENT_POWER, 8},
    {NVML_ERROR_DRIVER_NOT_LOADED, 9},
    {NVML_ERROR_TIMEOUT, 10},
    {NVML_ERROR_IRQ_ISSUE, 11},
    {NVML_ERROR_LIBRARY_NOT_FOUND, 12},
    {NVML_ERROR_FUNCTION_NOT_FOUND, 13},
    {NVML_ERROR_CORRUPTED_INFOROM, 14},
    {NVML_ERROR_GPU_IS_LOST, 15},
    {NVML_ERROR_RESET_REQUIRED, 16},
    {NVML_ERROR_OPERATING_SYSTEM, 17},
    {NVML_ERROR_LIB_RM_VERSION_MISMATCH, 18},
    {NVML_ERROR_IN_USE, 19},
    {NVML_ERROR_MEMORY, 20},
    {NVML_ERROR_NO_DATA, 21},
    {NVML_ERROR_VGPU_ECC_NOT_SUPPORTED, 22},
    {NVML_ERROR_INSUFFICIENT_RESOURCES, 23},
    {NVML_ERROR_FREQ_NOT_SUPPORTED, 24},
    {NVML_ERROR_ARGUMENT_VERSION_MISMATCH, 25},
    {NVML_ERROR_DEPRECATED, 26},
    {NVML_ERROR_NOT_READY, 27},
    {NVML_ERROR_GPU_NOT_FOUND, 28},
    {NVML_ERROR_INVALID_STATE, 29},
    {NVML_ERROR_RESET_TYPE_NOT_SUPPORTED, 30},
    {NVML_ERROR_UNKNOWN, 999},
};

TEST(NvmlAbi, CodesHaveTheNumbersOfTheHeader) {
  for (const auto& [ours, header] : codes) EXPECT_EQ(ours, header);
}

}  // namespace
}  // namespace gpuslice::abi
