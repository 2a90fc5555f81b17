// Functions that the fuzzer calls by their shape: a letter for each argument instead of code for each function.
//
// d: a device; n, N: a number of 32 or 64 bits; 4, 8: a pointer to a number of that many bytes; s: a text buffer and
// its length; v: a struct of `bytes`, which starts with `version` unless that is 0; c: a pointer to the capacity of an
// array; b: that capacity as a number; a: the array, with `bytes` for each entry; A: an array, followed by its size in
// bytes; g, G: a GPM sample, and a pointer to one.
#pragma once

#include <vector>

#include "abi/nvml.hpp"

extern "C" {
gpuslice::abi::nvmlReturn_t nvmlDeviceGetClockInfo();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMaxClockInfo();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetApplicationsClock();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetDefaultApplicationsClock();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMaxCustomerBoostClock();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetAPIRestriction();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetTemperatureThreshold();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetFanSpeed_v2();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetTargetFanSpeed();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetPcieThroughput();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetEncoderCapacity();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetNvLinkState();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetNvLinkVersion();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetNvLinkRemoteDeviceType();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetFanControlPolicy_v2();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetClock();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetNvLinkCapability();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMinMaxClockOfPState();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetSupportedMemoryClocks();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetSupportedGraphicsClocks();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetCurrentClocksEventReasons();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetCurrentClocksThrottleReasons();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetSupportedClocksEventReasons();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetSupportedClocksThrottleReasons();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetTotalEnergyConsumption();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetAdaptiveClockInfoStatus();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetPowerManagementMode();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetPowerSource();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetNumFans();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMaxPcieLinkGeneration();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGpuMaxPcieLinkGeneration();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetCurrPcieLinkGeneration();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMaxPcieLinkWidth();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetCurrPcieLinkWidth();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetPcieLinkMaxSpeed();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetPcieSpeed();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetPcieReplayCounter();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetBusType();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetIrqNum();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetBoardId();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMultiGpuBoard();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetModuleId();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetNumGpuCores();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMemoryBusWidth();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetInforomConfigurationChecksum();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetDefaultEccMode();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetRetiredPagesPendingStatus();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetAccountingMode();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetAccountingBufferSize();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGpcClkVfOffset();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMemClkVfOffset();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetPowerManagementLimitConstraints();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetEncoderUtilization();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetDecoderUtilization();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetJpgUtilization();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetOfaUtilization();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGpcClkMinMaxVfOffset();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMemClkMinMaxVfOffset();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGspFirmwareMode();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMinMaxFanSpeed();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetAutoBoostedClocksEnabled();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetEncoderStats();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetRemappedRows();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetSupportedPerformanceStates();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetPerformanceModes();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetCurrentClockFreqs();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetDynamicPstatesInfo();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMarginTemperature();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetThermalSettings();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetFanSpeedRPM();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetDetailedEccErrors();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetSramEccErrorStatus();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetRemappedRows_v2();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetRowRemapperHistogram();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetRepairStatus();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetUnrepairableMemoryFlag_v1();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetRetiredPages();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetEncoderSessions();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetFBCSessions();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetFBCStats();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetSamples();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetProcessUtilization();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetViolationStatus();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetVbiosVersion();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetBoardPartNumber();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetInforomImageVersion();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetInforomVersion();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGspFirmwareVersion();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetLastBBXFlushTime();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetCapabilities();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetC2cModeInfoV();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGridLicensableFeatures();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGridLicensableFeatures_v2();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGridLicensableFeatures_v3();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGridLicensableFeatures_v4();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetConfComputeMemSizeInfo();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetConfComputeProtectedMemoryUsage();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetConfComputeGpuCertificate();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetNvLinkRemotePciInfo();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetNvLinkRemotePciInfo_v2();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetNvLinkErrorCounter();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGpuFabricInfo();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetGpuFabricInfoV();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetCpuAffinity();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetCpuAffinityWithinScope();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetMemoryAffinity();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetTopologyCommonAncestor();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetP2PStatus();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetTopologyNearestGpus();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetAccountingPids();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetAccountingStats();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetPlatformInfo();
gpuslice::abi::nvmlReturn_t nvmlDeviceGetFieldValues();
gpuslice::abi::nvmlReturn_t nvmlDeviceOnSameBoard();
gpuslice::abi::nvmlReturn_t nvmlDeviceValidateInforom();
gpuslice::abi::nvmlReturn_t nvmlDeviceResetGpuLockedClocks();
gpuslice::abi::nvmlReturn_t nvmlDeviceResetMemoryLockedClocks();
gpuslice::abi::nvmlReturn_t nvmlDeviceResetApplicationsClocks();
gpuslice::abi::nvmlReturn_t nvmlDeviceClearAccountingPids();
gpuslice::abi::nvmlReturn_t nvmlDeviceSetGpuLockedClocks();
gpuslice::abi::nvmlReturn_t nvmlDeviceSetMemoryLockedClocks();
gpuslice::abi::nvmlReturn_t nvmlDeviceSetApplicationsClocks();
gpuslice::abi::nvmlReturn_t nvmlDeviceSetAPIRestriction();
gpuslice::abi::nvmlReturn_t nvmlDeviceSetDefaultAutoBoostedClocksEnabled();
gpuslice::abi::nvmlReturn_t nvmlDeviceSetPowerManagementLimit();
gpuslice::abi::nvmlReturn_t nvmlDeviceSetEccMode();
gpuslice::abi::nvmlReturn_t nvmlDeviceClearEccErrorCounts();
gpuslice::abi::nvmlReturn_t nvmlDeviceSetAccountingMode();
gpuslice::abi::nvmlReturn_t nvmlDeviceSetAutoBoostedClocksEnabled();
gpuslice::abi::nvmlReturn_t nvmlDeviceResetNvLinkErrorCounters();
gpuslice::abi::nvmlReturn_t nvmlDeviceSetPowerManagementLimit_v2();
gpuslice::abi::nvmlReturn_t nvmlSystemGetConfComputeCapabilities();
gpuslice::abi::nvmlReturn_t nvmlSystemGetConfComputeState();
gpuslice::abi::nvmlReturn_t nvmlSystemGetConfComputeSettings();
gpuslice::abi::nvmlReturn_t nvmlSystemGetConfComputeGpusReadyState();
gpuslice::abi::nvmlReturn_t nvmlSystemGetNvlinkBwMode();
gpuslice::abi::nvmlReturn_t nvmlGetExcludedDeviceCount();
gpuslice::abi::nvmlReturn_t nvmlGetBlacklistDeviceCount();
gpuslice::abi::nvmlReturn_t nvmlUnitGetCount();
gpuslice::abi::nvmlReturn_t nvmlSystemGetConfComputeKeyRotationThresholdInfo();
gpuslice::abi::nvmlReturn_t nvmlSystemGetHicVersion();
gpuslice::abi::nvmlReturn_t nvmlGetExcludedDeviceInfoByIndex();
gpuslice::abi::nvmlReturn_t nvmlGetBlacklistDeviceInfoByIndex();
gpuslice::abi::nvmlReturn_t nvmlDeviceQueryDrainState();
gpuslice::abi::nvmlReturn_t nvmlSystemGetTopologyGpuSet();
gpuslice::abi::nvmlReturn_t nvmlGetVgpuVersion();
gpuslice::abi::nvmlReturn_t nvmlGpmQueryDeviceSupport();
gpuslice::abi::nvmlReturn_t nvmlGpmQueryIfStreamingEnabled();
gpuslice::abi::nvmlReturn_t nvmlGpmSampleAlloc();
gpuslice::abi::nvmlReturn_t nvmlGpmSampleFree();
gpuslice::abi::nvmlReturn_t nvmlGpmSampleGet();
gpuslice::abi::nvmlReturn_t nvmlGpmMigSampleGet();
}

namespace fuzz {

struct Shape {
  const char* name;
  gpuslice::abi::nvmlReturn_t (*call)();
  const char* arguments;
  unsigned bytes;
  unsigned version;
};

inline const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {
      {"nvmlDeviceGetClockInfo", &nvmlDeviceGetClockInfo, "dn4", 0, 0},
      {"nvmlDeviceGetMaxClockInfo", &nvmlDeviceGetMaxClockInfo, "dn4", 0, 0},
      {"nvmlDeviceGetApplicationsClock", &nvmlDeviceGetApplicationsClock, "dn4", 0, 0},
      {"nvmlDeviceGetDefaultApplicationsClock", &nvmlDeviceGetDefaultApplicationsClock, "dn4", 0, 0},
      {"nvmlDeviceGetMaxCustomerBoostClock", &nvmlDeviceGetMaxCustomerBoostClock, "dn4", 0, 0},
      {"nvmlDeviceGetAPIRestriction", &nvmlDeviceGetAPIRestriction, "dn4", 0, 0},
      {"nvmlDeviceGetTemperatureThreshold", &nvmlDeviceGetTemperatureThreshold, "dn4", 0, 0},
      {"nvmlDeviceGetFanSpeed_v2", &nvmlDeviceGetFanSpeed_v2, "dn4", 0, 0},
      {"nvmlDeviceGetTargetFanSpeed", &nvmlDeviceGetTargetFanSpeed, "dn4", 0, 0},
      {"nvmlDeviceGetPcieThroughput", &nvmlDeviceGetPcieThroughput, "dn4", 0, 0},
      {"nvmlDeviceGetEncoderCapacity", &nvmlDeviceGetEncoderCapacity, "dn4", 0, 0},
      {"nvmlDeviceGetNvLinkState", &nvmlDeviceGetNvLinkState, "dn4", 0, 0},
      {"nvmlDeviceGetNvLinkVersion", &nvmlDeviceGetNvLinkVersion, "dn4", 0, 0},
      {"nvmlDeviceGetNvLinkRemoteDeviceType", &nvmlDeviceGetNvLinkRemoteDeviceType, "dn4", 0, 0},
      {"nvmlDeviceGetFanControlPolicy_v2", &nvmlDeviceGetFanControlPolicy_v2, "dn4", 0, 0},
      {"nvmlDeviceGetClock", &nvmlDeviceGetClock, "dnn4", 0, 0},
      {"nvmlDeviceGetNvLinkCapability", &nvmlDeviceGetNvLinkCapability, "dnn4", 0, 0},
      {"nvmlDeviceGetMinMaxClockOfPState", &nvmlDeviceGetMinMaxClockOfPState, "dnn44", 0, 0},
      {"nvmlDeviceGetSupportedMemoryClocks", &nvmlDeviceGetSupportedMemoryClocks, "dca", 4, 0},
      {"nvmlDeviceGetSupportedGraphicsClocks", &nvmlDeviceGetSupportedGraphicsClocks, "dnca", 4, 0},
      {"nvmlDeviceGetCurrentClocksEventReasons", &nvmlDeviceGetCurrentClocksEventReasons, "d8", 0, 0},
      {"nvmlDeviceGetCurrentClocksThrottleReasons", &nvmlDeviceGetCurrentClocksThrottleReasons, "d8", 0, 0},
      {"nvmlDeviceGetSupportedClocksEventReasons", &nvmlDeviceGetSupportedClocksEventReasons, "d8", 0, 0},
      {"nvmlDeviceGetSupportedClocksThrottleReasons", &nvmlDeviceGetSupportedClocksThrottleReasons, "d8", 0, 0},
      {"nvmlDeviceGetTotalEnergyConsumption", &nvmlDeviceGetTotalEnergyConsumption, "d8", 0, 0},
      {"nvmlDeviceGetAdaptiveClockInfoStatus", &nvmlDeviceGetAdaptiveClockInfoStatus, "d4", 0, 0},
      {"nvmlDeviceGetPowerManagementMode", &nvmlDeviceGetPowerManagementMode, "d4", 0, 0},
      {"nvmlDeviceGetPowerSource", &nvmlDeviceGetPowerSource, "d4", 0, 0},
      {"nvmlDeviceGetNumFans", &nvmlDeviceGetNumFans, "d4", 0, 0},
      {"nvmlDeviceGetMaxPcieLinkGeneration", &nvmlDeviceGetMaxPcieLinkGeneration, "d4", 0, 0},
      {"nvmlDeviceGetGpuMaxPcieLinkGeneration", &nvmlDeviceGetGpuMaxPcieLinkGeneration, "d4", 0, 0},
      {"nvmlDeviceGetCurrPcieLinkGeneration", &nvmlDeviceGetCurrPcieLinkGeneration, "d4", 0, 0},
      {"nvmlDeviceGetMaxPcieLinkWidth", &nvmlDeviceGetMaxPcieLinkWidth, "d4", 0, 0},
      {"nvmlDeviceGetCurrPcieLinkWidth", &nvmlDeviceGetCurrPcieLinkWidth, "d4", 0, 0},
      {"nvmlDeviceGetPcieLinkMaxSpeed", &nvmlDeviceGetPcieLinkMaxSpeed, "d4", 0, 0},
      {"nvmlDeviceGetPcieSpeed", &nvmlDeviceGetPcieSpeed, "d4", 0, 0},
      {"nvmlDeviceGetPcieReplayCounter", &nvmlDeviceGetPcieReplayCounter, "d4", 0, 0},
      {"nvmlDeviceGetBusType", &nvmlDeviceGetBusType, "d4", 0, 0},
      {"nvmlDeviceGetIrqNum", &nvmlDeviceGetIrqNum, "d4", 0, 0},
      {"nvmlDeviceGetBoardId", &nvmlDeviceGetBoardId, "d4", 0, 0},
      {"nvmlDeviceGetMultiGpuBoard", &nvmlDeviceGetMultiGpuBoard, "d4", 0, 0},
      {"nvmlDeviceGetModuleId", &nvmlDeviceGetModuleId, "d4", 0, 0},
      {"nvmlDeviceGetNumGpuCores", &nvmlDeviceGetNumGpuCores, "d4", 0, 0},
      {"nvmlDeviceGetMemoryBusWidth", &nvmlDeviceGetMemoryBusWidth, "d4", 0, 0},
      {"nvmlDeviceGetInforomConfigurationChecksum", &nvmlDeviceGetInforomConfigurationChecksum, "d4", 0, 0},
      {"nvmlDeviceGetDefaultEccMode", &nvmlDeviceGetDefaultEccMode, "d4", 0, 0},
      {"nvmlDeviceGetRetiredPagesPendingStatus", &nvmlDeviceGetRetiredPagesPendingStatus, "d4", 0, 0},
      {"nvmlDeviceGetAccountingMode", &nvmlDeviceGetAccountingMode, "d4", 0, 0},
      {"nvmlDeviceGetAccountingBufferSize", &nvmlDeviceGetAccountingBufferSize, "d4", 0, 0},
      {"nvmlDeviceGetGpcClkVfOffset", &nvmlDeviceGetGpcClkVfOffset, "d4", 0, 0},
      {"nvmlDeviceGetMemClkVfOffset", &nvmlDeviceGetMemClkVfOffset, "d4", 0, 0},
      {"nvmlDeviceGetPowerManagementLimitConstraints", &nvmlDeviceGetPowerManagementLimitConstraints, "d44", 0, 0},
      {"nvmlDeviceGetEncoderUtilization", &nvmlDeviceGetEncoderUtilization, "d44", 0, 0},
      {"nvmlDeviceGetDecoderUtilization", &nvmlDeviceGetDecoderUtilization, "d44", 0, 0},
      {"nvmlDeviceGetJpgUtilization", &nvmlDeviceGetJpgUtilization, "d44", 0, 0},
      {"nvmlDeviceGetOfaUtilization", &nvmlDeviceGetOfaUtilization, "d44", 0, 0},
      {"nvmlDeviceGetGpcClkMinMaxVfOffset", &nvmlDeviceGetGpcClkMinMaxVfOffset, "d44", 0, 0},
      {"nvmlDeviceGetMemClkMinMaxVfOffset", &nvmlDeviceGetMemClkMinMaxVfOffset, "d44", 0, 0},
      {"nvmlDeviceGetGspFirmwareMode", &nvmlDeviceGetGspFirmwareMode, "d44", 0, 0},
      {"nvmlDeviceGetMinMaxFanSpeed", &nvmlDeviceGetMinMaxFanSpeed, "d44", 0, 0},
      {"nvmlDeviceGetAutoBoostedClocksEnabled", &nvmlDeviceGetAutoBoostedClocksEnabled, "d44", 0, 0},
      {"nvmlDeviceGetEncoderStats", &nvmlDeviceGetEncoderStats, "d444", 0, 0},
      {"nvmlDeviceGetRemappedRows", &nvmlDeviceGetRemappedRows, "d4444", 0, 0},
      {"nvmlDeviceGetSupportedPerformanceStates", &nvmlDeviceGetSupportedPerformanceStates, "dA", 4, 0},
      {"nvmlDeviceGetPerformanceModes", &nvmlDeviceGetPerformanceModes, "dv", 2052, 0x1000804},
      {"nvmlDeviceGetCurrentClockFreqs", &nvmlDeviceGetCurrentClockFreqs, "dv", 2052, 0x1000804},
      {"nvmlDeviceGetDynamicPstatesInfo", &nvmlDeviceGetDynamicPstatesInfo, "dv", 132, 0},
      {"nvmlDeviceGetMarginTemperature", &nvmlDeviceGetMarginTemperature, "dv", 8, 0x1000008},
      {"nvmlDeviceGetThermalSettings", &nvmlDeviceGetThermalSettings, "dnv", 64, 0},
      {"nvmlDeviceGetFanSpeedRPM", &nvmlDeviceGetFanSpeedRPM, "dv", 12, 0x100000c},
      {"nvmlDeviceGetDetailedEccErrors", &nvmlDeviceGetDetailedEccErrors, "dnnv", 32, 0},
      {"nvmlDeviceGetSramEccErrorStatus", &nvmlDeviceGetSramEccErrorStatus, "dv", 104, 0x1000068},
      {"nvmlDeviceGetRemappedRows_v2", &nvmlDeviceGetRemappedRows_v2, "dv", 24, 0},
      {"nvmlDeviceGetRowRemapperHistogram", &nvmlDeviceGetRowRemapperHistogram, "dv", 20, 0},
      {"nvmlDeviceGetRepairStatus", &nvmlDeviceGetRepairStatus, "dv", 12, 0x100000c},
      {"nvmlDeviceGetUnrepairableMemoryFlag_v1", &nvmlDeviceGetUnrepairableMemoryFlag_v1, "dv", 4, 0},
      {"nvmlDeviceGetRetiredPages", &nvmlDeviceGetRetiredPages, "dn4a", 8, 0},
      {"nvmlDeviceGetEncoderSessions", &nvmlDeviceGetEncoderSessions, "dca", 32, 0},
      {"nvmlDeviceGetFBCSessions", &nvmlDeviceGetFBCSessions, "dca", 48, 0},
      {"nvmlDeviceGetFBCStats", &nvmlDeviceGetFBCStats, "dv", 12, 0},
      {"nvmlDeviceGetSamples", &nvmlDeviceGetSamples, "dnN4ca", 16, 0},
      {"nvmlDeviceGetProcessUtilization", &nvmlDeviceGetProcessUtilization, "dacN", 32, 0},
      {"nvmlDeviceGetViolationStatus", &nvmlDeviceGetViolationStatus, "dnv", 16, 0},
      {"nvmlDeviceGetVbiosVersion", &nvmlDeviceGetVbiosVersion, "ds", 0, 0},
      {"nvmlDeviceGetBoardPartNumber", &nvmlDeviceGetBoardPartNumber, "ds", 0, 0},
      {"nvmlDeviceGetInforomImageVersion", &nvmlDeviceGetInforomImageVersion, "ds", 0, 0},
      {"nvmlDeviceGetInforomVersion", &nvmlDeviceGetInforomVersion, "dns", 0, 0},
      {"nvmlDeviceGetGspFirmwareVersion", &nvmlDeviceGetGspFirmwareVersion, "dv", 64, 0},
      {"nvmlDeviceGetLastBBXFlushTime", &nvmlDeviceGetLastBBXFlushTime, "d88", 0, 0},
      {"nvmlDeviceGetCapabilities", &nvmlDeviceGetCapabilities, "dv", 8, 0x1000008},
      {"nvmlDeviceGetC2cModeInfoV", &nvmlDeviceGetC2cModeInfoV, "dv", 4, 0},
      {"nvmlDeviceGetGridLicensableFeatures", &nvmlDeviceGetGridLicensableFeatures, "dv", 416, 0},
      {"nvmlDeviceGetGridLicensableFeatures_v2", &nvmlDeviceGetGridLicensableFeatures_v2, "dv", 800, 0},
      {"nvmlDeviceGetGridLicensableFeatures_v3", &nvmlDeviceGetGridLicensableFeatures_v3, "dv", 812, 0},
      {"nvmlDeviceGetGridLicensableFeatures_v4", &nvmlDeviceGetGridLicensableFeatures_v4, "dv", 860, 0},
      {"nvmlDeviceGetConfComputeMemSizeInfo", &nvmlDeviceGetConfComputeMemSizeInfo, "dv", 16, 0},
      {"nvmlDeviceGetConfComputeProtectedMemoryUsage", &nvmlDeviceGetConfComputeProtectedMemoryUsage, "dv", 24, 0},
      {"nvmlDeviceGetConfComputeGpuCertificate", &nvmlDeviceGetConfComputeGpuCertificate, "dv", 64, 0},
      {"nvmlDeviceGetNvLinkRemotePciInfo", &nvmlDeviceGetNvLinkRemotePciInfo, "dnv", 52, 0},
      {"nvmlDeviceGetNvLinkRemotePciInfo_v2", &nvmlDeviceGetNvLinkRemotePciInfo_v2, "dnv", 68, 0},
      {"nvmlDeviceGetNvLinkErrorCounter", &nvmlDeviceGetNvLinkErrorCounter, "dnn8", 0, 0},
      {"nvmlDeviceGetGpuFabricInfo", &nvmlDeviceGetGpuFabricInfo, "dv", 28, 0},
      {"nvmlDeviceGetGpuFabricInfoV", &nvmlDeviceGetGpuFabricInfoV, "dv", 40, 0x3000028},
      {"nvmlDeviceGetCpuAffinity", &nvmlDeviceGetCpuAffinity, "dba", 8, 0},
      {"nvmlDeviceGetCpuAffinityWithinScope", &nvmlDeviceGetCpuAffinityWithinScope, "dban", 8, 0},
      {"nvmlDeviceGetMemoryAffinity", &nvmlDeviceGetMemoryAffinity, "dban", 8, 0},
      {"nvmlDeviceGetTopologyCommonAncestor", &nvmlDeviceGetTopologyCommonAncestor, "dd4", 0, 0},
      {"nvmlDeviceGetP2PStatus", &nvmlDeviceGetP2PStatus, "ddn4", 0, 0},
      {"nvmlDeviceGetTopologyNearestGpus", &nvmlDeviceGetTopologyNearestGpus, "dnca", 8, 0},
      {"nvmlDeviceGetAccountingPids", &nvmlDeviceGetAccountingPids, "dca", 4, 0},
      {"nvmlDeviceGetAccountingStats", &nvmlDeviceGetAccountingStats, "dnv", 56, 0},
      {"nvmlDeviceGetPlatformInfo", &nvmlDeviceGetPlatformInfo, "dv", 44, 0x200002c},
      {"nvmlDeviceGetFieldValues", &nvmlDeviceGetFieldValues, "dba", 40, 0},
      {"nvmlDeviceOnSameBoard", &nvmlDeviceOnSameBoard, "dd4", 0, 0},
      {"nvmlDeviceValidateInforom", &nvmlDeviceValidateInforom, "d", 0, 0},
      {"nvmlDeviceResetGpuLockedClocks", &nvmlDeviceResetGpuLockedClocks, "d", 0, 0},
      {"nvmlDeviceResetMemoryLockedClocks", &nvmlDeviceResetMemoryLockedClocks, "d", 0, 0},
      {"nvmlDeviceResetApplicationsClocks", &nvmlDeviceResetApplicationsClocks, "d", 0, 0},
      {"nvmlDeviceClearAccountingPids", &nvmlDeviceClearAccountingPids, "d", 0, 0},
      {"nvmlDeviceSetGpuLockedClocks", &nvmlDeviceSetGpuLockedClocks, "dnn", 0, 0},
      {"nvmlDeviceSetMemoryLockedClocks", &nvmlDeviceSetMemoryLockedClocks, "dnn", 0, 0},
      {"nvmlDeviceSetApplicationsClocks", &nvmlDeviceSetApplicationsClocks, "dnn", 0, 0},
      {"nvmlDeviceSetAPIRestriction", &nvmlDeviceSetAPIRestriction, "dnn", 0, 0},
      {"nvmlDeviceSetDefaultAutoBoostedClocksEnabled", &nvmlDeviceSetDefaultAutoBoostedClocksEnabled, "dnn", 0, 0},
      {"nvmlDeviceSetPowerManagementLimit", &nvmlDeviceSetPowerManagementLimit, "dn", 0, 0},
      {"nvmlDeviceSetEccMode", &nvmlDeviceSetEccMode, "dn", 0, 0},
      {"nvmlDeviceClearEccErrorCounts", &nvmlDeviceClearEccErrorCounts, "dn", 0, 0},
      {"nvmlDeviceSetAccountingMode", &nvmlDeviceSetAccountingMode, "dn", 0, 0},
      {"nvmlDeviceSetAutoBoostedClocksEnabled", &nvmlDeviceSetAutoBoostedClocksEnabled, "dn", 0, 0},
      {"nvmlDeviceResetNvLinkErrorCounters", &nvmlDeviceResetNvLinkErrorCounters, "dn", 0, 0},
      {"nvmlDeviceSetPowerManagementLimit_v2", &nvmlDeviceSetPowerManagementLimit_v2, "dv", 12, 0x200000c},
      {"nvmlSystemGetConfComputeCapabilities", &nvmlSystemGetConfComputeCapabilities, "v", 8, 0},
      {"nvmlSystemGetConfComputeState", &nvmlSystemGetConfComputeState, "v", 12, 0},
      {"nvmlSystemGetConfComputeSettings", &nvmlSystemGetConfComputeSettings, "v", 20, 0x1000014},
      {"nvmlSystemGetConfComputeGpusReadyState", &nvmlSystemGetConfComputeGpusReadyState, "4", 0, 0},
      {"nvmlSystemGetNvlinkBwMode", &nvmlSystemGetNvlinkBwMode, "4", 0, 0},
      {"nvmlGetExcludedDeviceCount", &nvmlGetExcludedDeviceCount, "4", 0, 0},
      {"nvmlGetBlacklistDeviceCount", &nvmlGetBlacklistDeviceCount, "4", 0, 0},
      {"nvmlUnitGetCount", &nvmlUnitGetCount, "4", 0, 0},
      {"nvmlSystemGetConfComputeKeyRotationThresholdInfo", &nvmlSystemGetConfComputeKeyRotationThresholdInfo, "v", 16,
       0x1000010},
      {"nvmlSystemGetHicVersion", &nvmlSystemGetHicVersion, "ca", 8, 0},
      {"nvmlGetExcludedDeviceInfoByIndex", &nvmlGetExcludedDeviceInfoByIndex, "nv", 148, 0},
      {"nvmlGetBlacklistDeviceInfoByIndex", &nvmlGetBlacklistDeviceInfoByIndex, "nv", 148, 0},
      {"nvmlDeviceQueryDrainState", &nvmlDeviceQueryDrainState, "v4", 68, 0},
      {"nvmlSystemGetTopologyGpuSet", &nvmlSystemGetTopologyGpuSet, "nca", 8, 0},
      {"nvmlGetVgpuVersion", &nvmlGetVgpuVersion, "vv", 8, 0},
      {"nvmlGpmQueryDeviceSupport", &nvmlGpmQueryDeviceSupport, "dv", 8, 0x1},
      {"nvmlGpmQueryIfStreamingEnabled", &nvmlGpmQueryIfStreamingEnabled, "d4", 0, 0},
      {"nvmlGpmSampleAlloc", &nvmlGpmSampleAlloc, "G", 0, 0},
      {"nvmlGpmSampleFree", &nvmlGpmSampleFree, "g", 0, 0},
      {"nvmlGpmSampleGet", &nvmlGpmSampleGet, "dg", 0, 0},
      {"nvmlGpmMigSampleGet", &nvmlGpmMigSampleGet, "dng", 0, 0},
  };
  return all;
}

}  // namespace fuzz
