// Layouts of NVML's calls about processes: running processes, their utilization, and accounting.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

inline constexpr unsigned nvmlProcessDetailList_v1 = 0x01000018;
inline constexpr unsigned nvmlProcessesUtilizationInfo_v1 = 0x01000018;

struct nvmlProcessInfo_v1_t {
  std::uint32_t pid;
  unsigned long long usedGpuMemory;
};
static_assert(sizeof(nvmlProcessInfo_v1_t) == 16);
static_assert(offsetof(nvmlProcessInfo_v1_t, pid) == 0 && offsetof(nvmlProcessInfo_v1_t, usedGpuMemory) == 8);

struct nvmlProcessInfo_v2_t {
  std::uint32_t pid;
  unsigned long long usedGpuMemory;
  std::uint32_t gpuInstanceId;
  std::uint32_t computeInstanceId;
};
static_assert(sizeof(nvmlProcessInfo_v2_t) == 24);
static_assert(offsetof(nvmlProcessInfo_v2_t, pid) == 0 && offsetof(nvmlProcessInfo_v2_t, usedGpuMemory) == 8 &&
              offsetof(nvmlProcessInfo_v2_t, gpuInstanceId) == 16 &&
              offsetof(nvmlProcessInfo_v2_t, computeInstanceId) == 20);
using nvmlProcessInfo_t = nvmlProcessInfo_v2_t;

struct nvmlProcessDetail_v1_t {
  std::uint32_t pid;
  unsigned long long usedGpuMemory;
  std::uint32_t gpuInstanceId;
  std::uint32_t computeInstanceId;
  unsigned long long usedGpuCcProtectedMemory;
};
static_assert(sizeof(nvmlProcessDetail_v1_t) == 32);
static_assert(offsetof(nvmlProcessDetail_v1_t, pid) == 0 && offsetof(nvmlProcessDetail_v1_t, usedGpuMemory) == 8 &&
              offsetof(nvmlProcessDetail_v1_t, gpuInstanceId) == 16 &&
              offsetof(nvmlProcessDetail_v1_t, computeInstanceId) == 20 &&
              offsetof(nvmlProcessDetail_v1_t, usedGpuCcProtectedMemory) == 24);

struct nvmlProcessDetailList_v1_t {
  std::uint32_t version;
  std::uint32_t mode;
  std::uint32_t numProcArrayEntries;
  nvmlProcessDetail_v1_t* procArray;
};
static_assert(sizeof(nvmlProcessDetailList_v1_t) == 24);
static_assert(offsetof(nvmlProcessDetailList_v1_t, version) == 0 && offsetof(nvmlProcessDetailList_v1_t, mode) == 4 &&
              offsetof(nvmlProcessDetailList_v1_t, numProcArrayEntries) == 8 &&
              offsetof(nvmlProcessDetailList_v1_t, procArray) == 16);

struct nvmlProcessUtilizationSample_t {
  std::uint32_t pid;
  unsigned long long timeStamp;
  std::uint32_t smUtil;
  std::uint32_t memUtil;
  std::uint32_t encUtil;
  std::uint32_t decUtil;
};
static_assert(sizeof(nvmlProcessUtilizationSample_t) == 32);
static_assert(offsetof(nvmlProcessUtilizationSample_t, pid) == 0 &&
              offsetof(nvmlProcessUtilizationSample_t, timeStamp) == 8 &&
              offsetof(nvmlProcessUtilizationSample_t, smUtil) == 16 &&
              offsetof(nvmlProcessUtilizationSample_t, memUtil) == 20 &&
              offsetof(nvmlProcessUtilizationSample_t, encUtil) == 24 &&
              offsetof(nvmlProcessUtilizationSample_t, decUtil) == 28);

struct nvmlProcessUtilizationInfo_v1_t {
  unsigned long long timeStamp;
  std::uint32_t pid;
  std::uint32_t smUtil;
  std::uint32_t memUtil;
  std::uint32_t encUtil;
  std::uint32_t decUtil;
  std::uint32_t jpgUtil;
  std::uint32_t ofaUtil;
};
static_assert(sizeof(nvmlProcessUtilizationInfo_v1_t) == 40);
static_assert(offsetof(nvmlProcessUtilizationInfo_v1_t, timeStamp) == 0 &&
              offsetof(nvmlProcessUtilizationInfo_v1_t, pid) == 8 &&
              offsetof(nvmlProcessUtilizationInfo_v1_t, smUtil) == 12 &&
              offsetof(nvmlProcessUtilizationInfo_v1_t, memUtil) == 16 &&
              offsetof(nvmlProcessUtilizationInfo_v1_t, encUtil) == 20 &&
              offsetof(nvmlProcessUtilizationInfo_v1_t, decUtil) == 24 &&
              offsetof(nvmlProcessUtilizationInfo_v1_t, jpgUtil) == 28 &&
              offsetof(nvmlProcessUtilizationInfo_v1_t, ofaUtil) == 32);

struct nvmlProcessesUtilizationInfo_v1_t {
  std::uint32_t version;
  std::uint32_t processSamplesCount;
  unsigned long long lastSeenTimeStamp;
  nvmlProcessUtilizationInfo_v1_t* procUtilArray;
};
static_assert(sizeof(nvmlProcessesUtilizationInfo_v1_t) == 24);
static_assert(offsetof(nvmlProcessesUtilizationInfo_v1_t, version) == 0 &&
              offsetof(nvmlProcessesUtilizationInfo_v1_t, processSamplesCount) == 4 &&
              offsetof(nvmlProcessesUtilizationInfo_v1_t, lastSeenTimeStamp) == 8 &&
              offsetof(nvmlProcessesUtilizationInfo_v1_t, procUtilArray) == 16);

struct nvmlAccountingStats_t {
  std::uint32_t gpuUtilization;
  std::uint32_t memoryUtilization;
  unsigned long long maxMemoryUsage;
  unsigned long long time;
  unsigned long long startTime;
  std::uint32_t isRunning;
  std::uint32_t reserved[5];
};
static_assert(sizeof(nvmlAccountingStats_t) == 56);
static_assert(offsetof(nvmlAccountingStats_t, gpuUtilization) == 0 &&
              offsetof(nvmlAccountingStats_t, memoryUtilization) == 4 &&
              offsetof(nvmlAccountingStats_t, maxMemoryUsage) == 8 && offsetof(nvmlAccountingStats_t, time) == 16 &&
              offsetof(nvmlAccountingStats_t, startTime) == 24 && offsetof(nvmlAccountingStats_t, isRunning) == 32 &&
              offsetof(nvmlAccountingStats_t, reserved) == 36);

struct nvmlAccountingStats_v2_t {
  std::uint32_t pid;
  std::uint32_t isRunning;
  std::uint32_t gpuUtilization;
  std::uint32_t memoryUtilization;
  unsigned long long maxMemoryUsage;
  std::uint32_t sampleCount;
  unsigned long long sumGpuUtil;
  unsigned long long sumFbUtil;
  unsigned long long time;
  unsigned long long startTime;
};
static_assert(sizeof(nvmlAccountingStats_v2_t) == 64);
static_assert(offsetof(nvmlAccountingStats_v2_t, pid) == 0 && offsetof(nvmlAccountingStats_v2_t, isRunning) == 4 &&
              offsetof(nvmlAccountingStats_v2_t, gpuUtilization) == 8 &&
              offsetof(nvmlAccountingStats_v2_t, memoryUtilization) == 12 &&
              offsetof(nvmlAccountingStats_v2_t, maxMemoryUsage) == 16 &&
              offsetof(nvmlAccountingStats_v2_t, sampleCount) == 24 &&
              offsetof(nvmlAccountingStats_v2_t, sumGpuUtil) == 32 &&
              offsetof(nvmlAccountingStats_v2_t, sumFbUtil) == 40 && offsetof(nvmlAccountingStats_v2_t, time) == 48 &&
              offsetof(nvmlAccountingStats_v2_t, startTime) == 56);

static_assert(says<nvmlProcessDetailList_v1_t>(nvmlProcessDetailList_v1, 1));
static_assert(says<nvmlProcessesUtilizationInfo_v1_t>(nvmlProcessesUtilizationInfo_v1, 1));

}  // namespace gpuslice::abi
