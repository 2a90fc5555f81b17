// What each implemented function of the driver library is given and how large it is, for the test that puts every
// answer directly before memory without access. A function that had several layouts has a row for each.
//
// Arguments, by spaces:
//   d          a device: each GPU and each MIG device in turn
//   g, k       a GPU instance; a compute instance
//   N          numbers from 0 to N-1, and all ones
//   =A,B,...   these numbers
//   wB         room for an answer of B bytes; wB:V or wB:V,X: one that begins with these words, hexadecimal, of which
//              the first is its version
//   s          text and its length, 0 to one more than it needs
//   cB         a count of entries there is room for, and a room for so many of B bytes; Bc: the room first
//   c+B        the same with a second room
//   nB         the same with the count as a number; bB: the room first, then its bytes as a number
//   t:WORD     text that the test knows: uuid, mig, bus, serial
//   iB         a struct of B bytes that the call reads: the address of the first GPU
//
// Sizes are those of NVML's header of API version 13 (gen/nvml/nvml.h of NVIDIA/go-nvml), measured by compiling it,
// unless `header` says another. `flags`: see below.
#pragma once

namespace gpuslice::simnvml::testing {

enum ShapeFlags : unsigned {
  never = 1,        // no simulated GPU gives an answer, so only its refusals are seen
  any_version = 2,  // takes every version word
  keeps_count = 4,  // does not say how much room it needs
};

struct CallShape {
  const char* function;
  const char* arguments;
  unsigned flags{};
  const char* header{"API 13"};
};

inline constexpr CallShape call_shapes[] = {
    // Older layouts and their successors.
    {"nvmlDeviceGetPciInfo", "d w32", 0, "before 2.285 (pynvml.py of 2011)"},
    {"nvmlDeviceGetPciInfo_v2", "d w52", 0, "API 4 to 8 (GPU Deployment Kit 340.29; py3nvml 0.2.7)"},
    {"nvmlDeviceGetPciInfo_v3", "d w68", 0, "API 9 (R387) and later"},
    {"nvmlDeviceGetPciInfoExt", "d w64:1000040"},
    {"nvmlDeviceGetNvLinkRemotePciInfo", "d 20 w52", 0, "API 8 (R375)"},
    {"nvmlDeviceGetNvLinkRemotePciInfo_v2", "d 20 w68", 0, "API 9 (R387) and later"},
    {"nvmlDeviceGetAttributes", "d w24", 0, "API 11 of CUDA 11.0 (R450)"},
    {"nvmlDeviceGetAttributes_v2", "d w40", 0, "API 11 of CUDA 11.1 (R455) and later"},
    {"nvmlComputeInstanceGetInfo", "k w24", 0, "API 11 of CUDA 11.0 (R450)"},
    {"nvmlComputeInstanceGetInfo_v2", "k w32", 0, "API 11 of CUDA 11.1 (R455) and later"},
    {"nvmlDeviceGetMemoryInfo", "d w24", 0, "API 1 and later"},
    {"nvmlDeviceGetMemoryInfo_v2", "d w40:2000028", 0, "R510 and later"},
    {"nvmlDeviceGetComputeRunningProcesses", "d c16", 0, "before API 11 of CUDA 11.1 (R455)"},
    {"nvmlDeviceGetComputeRunningProcesses_v2", "d c24", 0, "R455 to R495"},
    {"nvmlDeviceGetComputeRunningProcesses_v3", "d c24", 0, "R510 and later"},
    {"nvmlDeviceGetGraphicsRunningProcesses", "d c16", 0, "before API 11 of CUDA 11.1 (R455)"},
    {"nvmlDeviceGetGraphicsRunningProcesses_v2", "d c24", 0, "R455 to R495"},
    {"nvmlDeviceGetGraphicsRunningProcesses_v3", "d c24", 0, "R510 and later"},
    {"nvmlDeviceGetMPSComputeRunningProcesses", "d c16", 0, "R460 (nvmlProcessInfo_v1_t)"},
    {"nvmlDeviceGetMPSComputeRunningProcesses_v2", "d c24", 0, "R460 to R495"},
    {"nvmlDeviceGetMPSComputeRunningProcesses_v3", "d c24", 0, "R510 and later"},
    {"nvmlDeviceGetGridLicensableFeatures", "d w416", 0, "API 9 (R387)"},
    {"nvmlDeviceGetGridLicensableFeatures_v2", "d w800", 0, "API 10 (R410)"},
    {"nvmlDeviceGetGridLicensableFeatures_v3", "d w812", 0, "API 10 (R418)"},
    {"nvmlDeviceGetGridLicensableFeatures_v4", "d w860", 0, "API 11 (R470) and later"},
    {"nvmlDeviceGetGpuFabricInfo", "d w28", 0, "R525 and later"},
    {"nvmlDeviceGetGpuFabricInfoV", "d w36:2000024", 0, "R545 and later"},
    {"nvmlDeviceGetGpuFabricInfoV", "d w40:3000028", 0, "R570 and later"},
    {"nvmlDeviceGetPlatformInfo", "d w44:100002c", any_version, "R565"},
    {"nvmlDeviceGetPlatformInfo", "d w44:200002c", any_version},
    {"nvmlDeviceGetGpuInstanceProfileInfo", "d 20 w48", 0, "API 11 of CUDA 11.0 (R450)"},
    {"nvmlDeviceGetGpuInstanceProfileInfoV", "d 20 w152:2000098", 0, "R470 and later"},
    {"nvmlDeviceGetGpuInstanceProfileInfoV", "d 20 w152:3000098", 0, "R550 and later"},
    {"nvmlDeviceGetGpuInstanceProfileInfoByIdV", "d 70 w152:2000098"},
    {"nvmlDeviceGetGpuInstanceProfileInfoByIdV", "d 70 w152:3000098"},
    {"nvmlGpuInstanceGetComputeInstanceProfileInfo", "g 10 2 w36", 0, "API 11 of CUDA 11.0 (R450)"},
    {"nvmlGpuInstanceGetComputeInstanceProfileInfoV", "g 10 2 w136:2000088", 0, "R470 and later"},
    {"nvmlGpuInstanceGetComputeInstanceProfileInfoV", "g 10 2 w140:300008c", 0, "R575 and later"},

    // The system.
    {"nvmlSystemGetDriverVersion", "s"},
    {"nvmlSystemGetNVMLVersion", "s"},
    {"nvmlSystemGetCudaDriverVersion", "w4"},
    {"nvmlSystemGetCudaDriverVersion_v2", "w4"},
    {"nvmlSystemGetProcessName", "=4711,4712,99999999 s"},
    {"nvmlSystemGetDriverBranch", "w84:1000054 90"},
    {"nvmlSystemGetHicVersion", "c8"},
    {"nvmlSystemGetTopologyGpuSet", "=0 c8"},
    {"nvmlSystemGetNvlinkBwMode", "w4"},
    {"nvmlSystemGetConfComputeCapabilities", "w8"},
    {"nvmlSystemGetConfComputeState", "w12", 0, "R525 and later"},
    {"nvmlSystemGetConfComputeSettings", "w20:1000014"},
    {"nvmlSystemGetConfComputeGpusReadyState", "w4"},
    {"nvmlSystemGetConfComputeKeyRotationThresholdInfo", "w16:1000010"},
    {"nvmlGetExcludedDeviceCount", "w4"},
    {"nvmlGetBlacklistDeviceCount", "w4"},
    {"nvmlGetExcludedDeviceInfoByIndex", "3 w148", never},
    {"nvmlGetBlacklistDeviceInfoByIndex", "3 w148", never},
    {"nvmlGetVgpuVersion", "w8 w8"},
    {"nvmlUnitGetCount", "w4"},

    // Devices found, and their identity.
    {"nvmlDeviceGetCount", "w4"},
    {"nvmlDeviceGetCount_v2", "w4"},
    {"nvmlDeviceGetHandleByIndex", "8 w8"},
    {"nvmlDeviceGetHandleByIndex_v2", "8 w8"},
    {"nvmlDeviceGetHandleByUUID", "t:uuid w8"},
    {"nvmlDeviceGetHandleByUUID", "t:mig w8"},
    {"nvmlDeviceGetHandleByPciBusId", "t:bus w8"},
    {"nvmlDeviceGetHandleByPciBusId_v2", "t:bus w8"},
    {"nvmlDeviceGetHandleBySerial", "t:serial w8"},
    {"nvmlDeviceGetName", "d s"},
    {"nvmlDeviceGetUUID", "d s"},
    {"nvmlDeviceGetSerial", "d s"},
    {"nvmlDeviceGetIndex", "d w4"},
    {"nvmlDeviceGetMinorNumber", "d w4"},
    {"nvmlDeviceGetPdi", "d w16:1000010"},
    {"nvmlDeviceGetBrand", "d w4"},
    {"nvmlDeviceGetArchitecture", "d w4"},
    {"nvmlDeviceGetCudaComputeCapability", "d w4 w4"},
    {"nvmlDeviceGetVbiosVersion", "d s"},
    {"nvmlDeviceGetBoardPartNumber", "d s"},
    {"nvmlDeviceGetBoardId", "d w4"},
    {"nvmlDeviceGetMultiGpuBoard", "d w4"},
    {"nvmlDeviceGetModuleId", "d w4"},
    {"nvmlDeviceGetNumGpuCores", "d w4"},
    {"nvmlDeviceGetMemoryBusWidth", "d w4"},
    {"nvmlDeviceGetInforomImageVersion", "d s"},
    {"nvmlDeviceGetInforomVersion", "d 5 s"},
    {"nvmlDeviceGetInforomConfigurationChecksum", "d w4"},
    {"nvmlDeviceValidateInforom", "d"},
    {"nvmlDeviceGetLastBBXFlushTime", "d w8 w8", never},
    {"nvmlDeviceGetGspFirmwareVersion", "d w64", 0, "R510 and later (NVML_GSP_FIRMWARE_VERSION_BUF_SIZE)"},
    {"nvmlDeviceGetGspFirmwareMode", "d w4 w4"},
    {"nvmlDeviceGetCapabilities", "d w8:1000008"},
    {"nvmlDeviceGetC2cModeInfoV", "d w4"},
    {"nvmlDeviceGetIrqNum", "d w4"},
    {"nvmlDeviceGetVirtualizationMode", "d w4"},
    {"nvmlDeviceGetAddressingMode", "d w8:1000008"},
    {"nvmlDeviceOnSameBoard", "d d w4"},
    {"nvmlDeviceQueryDrainState", "i52 w4", 0, "API 8 (R375)"},
    {"nvmlDeviceGetBridgeChipInfo", "d w4", never},

    // Memory and its errors.
    {"nvmlDeviceGetBAR1MemoryInfo", "d w24"},
    {"nvmlDeviceGetConfComputeMemSizeInfo", "d w16"},
    {"nvmlDeviceGetConfComputeProtectedMemoryUsage", "d w24"},
    {"nvmlDeviceGetConfComputeGpuCertificate", "d w4", never},
    {"nvmlDeviceGetEccMode", "d w4 w4"},
    {"nvmlDeviceGetDefaultEccMode", "d w4"},
    {"nvmlDeviceGetTotalEccErrors", "d 3 3 w8"},
    {"nvmlDeviceGetDetailedEccErrors", "d 3 3 w32", 0, "API 1 and later"},
    {"nvmlDeviceGetMemoryErrorCounter", "d 3 3 9 w8"},
    {"nvmlDeviceGetSramEccErrorStatus", "d w104:1000068"},
    {"nvmlDeviceGetRetiredPages", "d 3 c8"},
    {"nvmlDeviceGetRetiredPages_v2", "d 3 c+8"},
    {"nvmlDeviceGetRetiredPagesPendingStatus", "d w4"},
    {"nvmlDeviceGetRemappedRows", "d w4 w4 w4 w4"},
    {"nvmlDeviceGetRemappedRows_v2", "d w24"},
    {"nvmlDeviceGetRowRemapperHistogram", "d w20"},
    {"nvmlDeviceGetRepairStatus", "d w12:100000c"},
    {"nvmlDeviceGetUnrepairableMemoryFlag_v1", "d w4"},

    // Clocks, power, heat.
    {"nvmlDeviceGetClockInfo", "d 5 w4"},
    {"nvmlDeviceGetMaxClockInfo", "d 5 w4"},
    {"nvmlDeviceGetApplicationsClock", "d 5 w4"},
    {"nvmlDeviceGetDefaultApplicationsClock", "d 5 w4"},
    {"nvmlDeviceGetMaxCustomerBoostClock", "d 5 w4"},
    {"nvmlDeviceGetClock", "d 5 5 w4"},
    {"nvmlDeviceGetMinMaxClockOfPState", "d 5 3 w4 w4"},
    {"nvmlDeviceGetSupportedMemoryClocks", "d c4"},
    {"nvmlDeviceGetSupportedGraphicsClocks", "d =0,1215,1593,2619,3201 c4"},
    {"nvmlDeviceGetCurrentClocksEventReasons", "d w8"},
    {"nvmlDeviceGetCurrentClocksThrottleReasons", "d w8"},
    {"nvmlDeviceGetSupportedClocksEventReasons", "d w8"},
    {"nvmlDeviceGetSupportedClocksThrottleReasons", "d w8"},
    {"nvmlDeviceGetAdaptiveClockInfoStatus", "d w4"},
    {"nvmlDeviceGetPerformanceState", "d w4"},
    {"nvmlDeviceGetPowerState", "d w4"},
    {"nvmlDeviceGetSupportedPerformanceStates", "d b4"},
    {"nvmlDeviceGetPerformanceModes", "d w2052:1000804"},
    {"nvmlDeviceGetCurrentClockFreqs", "d w2052:1000804"},
    {"nvmlDeviceGetAutoBoostedClocksEnabled", "d w4 w4", never},
    {"nvmlDeviceGetAPIRestriction", "d 3 w4"},
    {"nvmlDeviceGetGpcClkVfOffset", "d w4"},
    {"nvmlDeviceGetMemClkVfOffset", "d w4"},
    {"nvmlDeviceGetGpcClkMinMaxVfOffset", "d w4 w4"},
    {"nvmlDeviceGetMemClkMinMaxVfOffset", "d w4 w4"},
    {"nvmlDeviceGetPowerUsage", "d w4"},
    {"nvmlDeviceGetEnforcedPowerLimit", "d w4"},
    {"nvmlDeviceGetPowerManagementLimit", "d w4"},
    {"nvmlDeviceGetPowerManagementDefaultLimit", "d w4"},
    {"nvmlDeviceGetPowerManagementLimitConstraints", "d w4 w4"},
    {"nvmlDeviceGetPowerManagementMode", "d w4"},
    {"nvmlDeviceGetPowerSource", "d w4"},
    {"nvmlDeviceGetTotalEnergyConsumption", "d w8"},
    {"nvmlDeviceGetViolationStatus", "d 13 w16"},
    {"nvmlDeviceGetTemperature", "d 3 w4"},
    {"nvmlDeviceGetTemperatureV", "d w12:100000c,0"},
    {"nvmlDeviceGetMarginTemperature", "d w8:1000008"},
    {"nvmlDeviceGetTemperatureThreshold", "d 9 w4"},
    {"nvmlDeviceGetThermalSettings", "d 3 w64"},
    {"nvmlDeviceGetCoolerInfo", "d w4", never},
    {"nvmlDeviceGetFanSpeed", "d w4", never},
    {"nvmlDeviceGetFanSpeed_v2", "d 3 w4", never},
    {"nvmlDeviceGetNumFans", "d w4"},
    {"nvmlDeviceGetFanSpeedRPM", "d w4", never},
    {"nvmlDeviceGetFanControlPolicy_v2", "d 3 w4", never},
    {"nvmlDeviceGetMinMaxFanSpeed", "d w4 w4", never},
    {"nvmlDeviceGetTargetFanSpeed", "d 3 w4", never},

    // Use, processes, accounting.
    {"nvmlDeviceGetUtilizationRates", "d w8"},
    {"nvmlDeviceGetEncoderUtilization", "d w4 w4"},
    {"nvmlDeviceGetDecoderUtilization", "d w4 w4"},
    {"nvmlDeviceGetJpgUtilization", "d w4 w4"},
    {"nvmlDeviceGetOfaUtilization", "d w4 w4"},
    {"nvmlDeviceGetDynamicPstatesInfo", "d w132"},
    {"nvmlDeviceGetEncoderCapacity", "d 3 w4"},
    {"nvmlDeviceGetEncoderStats", "d w4 w4 w4"},
    {"nvmlDeviceGetEncoderSessions", "d c32"},
    {"nvmlDeviceGetFBCStats", "d w12"},
    {"nvmlDeviceGetFBCSessions", "d c48"},
    {"nvmlDeviceGetSamples", "d 11 =0 w4 c16", keeps_count},
    {"nvmlDeviceGetProcessUtilization", "d 32c =0"},
    {"nvmlDeviceGetAccountingMode", "d w4"},
    {"nvmlDeviceGetAccountingBufferSize", "d w4"},
    {"nvmlDeviceGetAccountingPids", "d c4"},
    {"nvmlDeviceGetAccountingStats", "d =4711,4712 w56", 0, "R319 and later"},

    // The links to the host and to other GPUs.
    {"nvmlDeviceGetMaxPcieLinkGeneration", "d w4"},
    {"nvmlDeviceGetGpuMaxPcieLinkGeneration", "d w4"},
    {"nvmlDeviceGetCurrPcieLinkGeneration", "d w4"},
    {"nvmlDeviceGetMaxPcieLinkWidth", "d w4"},
    {"nvmlDeviceGetCurrPcieLinkWidth", "d w4"},
    {"nvmlDeviceGetPcieLinkMaxSpeed", "d w4"},
    {"nvmlDeviceGetPcieSpeed", "d w4"},
    {"nvmlDeviceGetPcieThroughput", "d 3 w4"},
    {"nvmlDeviceGetPcieReplayCounter", "d w4"},
    {"nvmlDeviceGetBusType", "d w4"},
    {"nvmlDeviceGetNvLinkState", "d 20 w4"},
    {"nvmlDeviceGetNvLinkVersion", "d 20 w4"},
    {"nvmlDeviceGetNvLinkCapability", "d 20 7 w4"},
    {"nvmlDeviceGetNvLinkRemoteDeviceType", "d 20 w4"},
    {"nvmlDeviceGetNvLinkErrorCounter", "d 20 6 w8"},
    {"nvmlDeviceGetTopologyCommonAncestor", "d d w4"},
    {"nvmlDeviceGetTopologyNearestGpus", "d =0,40,50 c8"},
    {"nvmlDeviceGetP2PStatus", "d d 8 w4"},
    {"nvmlDeviceGetCpuAffinity", "d n8"},
    {"nvmlDeviceGetCpuAffinityWithinScope", "d n8 3"},
    {"nvmlDeviceGetMemoryAffinity", "d n8 3"},

    // Modes, events, GPM.
    {"nvmlDeviceGetPersistenceMode", "d w4"},
    {"nvmlDeviceGetComputeMode", "d w4"},
    {"nvmlDeviceGetDisplayMode", "d w4"},
    {"nvmlDeviceGetDisplayActive", "d w4"},
    {"nvmlDeviceGetSupportedEventTypes", "d w8"},
    {"nvmlEventSetCreate", "w8"},
    {"nvmlGpmQueryDeviceSupport", "d w8:1"},
    {"nvmlGpmQueryIfStreamingEnabled", "d w4"},
    {"nvmlGpmSampleAlloc", "w8"},

    // MIG.
    {"nvmlDeviceGetMigMode", "d w4 w4"},
    {"nvmlDeviceGetMaxMigDeviceCount", "d w4"},
    {"nvmlDeviceGetMigDeviceHandleByIndex", "d 8 w8"},
    {"nvmlDeviceIsMigDeviceHandle", "d w4"},
    {"nvmlDeviceGetGpuInstanceId", "d w4"},
    {"nvmlDeviceGetComputeInstanceId", "d w4"},
    {"nvmlDeviceGetDeviceHandleFromMigDeviceHandle", "d w8"},
    {"nvmlDeviceGetGpuInstanceRemainingCapacity", "d 70 w4"},
    {"nvmlDeviceGetGpuInstanceById", "d 16 w8"},
    {"nvmlGpuInstanceGetInfo", "g w24"},
    {"nvmlGpuInstanceGetComputeInstanceRemainingCapacity", "g 10 w4"},
    {"nvmlGpuInstanceGetComputeInstanceById", "g 9 w8"},
};

// Functions of more than one call, with rooms that depend on others, or without any: the tests have each by name.
inline constexpr const char* tried_by_name[] = {
    "nvmlInit", "nvmlInit_v2", "nvmlInitWithFlags", "nvmlShutdown", "nvmlErrorString", "nvmlInternalGetExportTable",
    "nvmlEventSetFree", "nvmlEventSetWait", "nvmlEventSetWait_v2", "nvmlDeviceRegisterEvents",
    "nvmlDeviceGetHandleByUUIDV", "nvmlDeviceGetFieldValues", "nvmlDeviceGetRunningProcessDetailList",
    "nvmlDeviceGetProcessesUtilizationInfo", "nvmlDeviceGetSramUniqueUncorrectedEccErrorCounts",
    "nvmlDeviceGetGpuInstances", "nvmlDeviceGetGpuInstancePossiblePlacements",
    "nvmlDeviceGetGpuInstancePossiblePlacements_v2", "nvmlGpuInstanceGetComputeInstancePossiblePlacements",
    "nvmlGpuInstanceGetComputeInstances", "nvmlDeviceCreateGpuInstance", "nvmlDeviceCreateGpuInstanceWithPlacement",
    "nvmlGpuInstanceCreateComputeInstance", "nvmlGpuInstanceCreateComputeInstanceWithPlacement",
    "nvmlGpuInstanceDestroy", "nvmlComputeInstanceDestroy", "nvmlDeviceSetMigMode", "nvmlGpmSampleFree",
    "nvmlGpmSampleGet", "nvmlGpmMigSampleGet", "nvmlGpmMetricsGet", "nvmlDeviceSetPowerManagementLimit_v2"};

// Settings, which take a device and numbers.
inline constexpr const char* settings[] = {
    "nvmlDeviceClearAccountingPids", "nvmlDeviceClearCpuAffinity", "nvmlDeviceClearEccErrorCounts",
    "nvmlDeviceResetApplicationsClocks", "nvmlDeviceResetGpuLockedClocks", "nvmlDeviceResetMemoryLockedClocks",
    "nvmlDeviceResetNvLinkErrorCounters", "nvmlDeviceSetAPIRestriction", "nvmlDeviceSetAccountingMode",
    "nvmlDeviceSetApplicationsClocks", "nvmlDeviceSetAutoBoostedClocksEnabled", "nvmlDeviceSetComputeMode",
    "nvmlDeviceSetCpuAffinity", "nvmlDeviceSetDefaultAutoBoostedClocksEnabled", "nvmlDeviceSetEccMode",
    "nvmlDeviceSetGpuLockedClocks", "nvmlDeviceSetMemoryLockedClocks", "nvmlDeviceSetPersistenceMode",
    "nvmlDeviceSetPowerManagementLimit"};

}  // namespace gpuslice::simnvml::testing
