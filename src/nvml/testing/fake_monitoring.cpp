// The fake driver library's topology, links, samples and settings.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "abi/nvml_conf_compute.hpp"
#include "abi/nvml_gpm.hpp"
#include "abi/nvml_media.hpp"
#include "abi/nvml_processes.hpp"
#include "nvml/testing/fake_script.hpp"

#define FAKE extern "C" __attribute__((visibility("default")))

using namespace gpuslice::abi;

FAKE gpuslice::nvml::testing::Script* fake_script();
FAKE int nvmlDeviceGetIndex(nvmlDevice_t device, unsigned* index);

namespace {

gpuslice::nvml::testing::Script& script() { return *fake_script(); }
[[maybe_unused]] std::string index_of(nvmlDevice_t device) {
  unsigned index = 0;
  nvmlDeviceGetIndex(device, &index);
  return std::to_string(index);
}
[[maybe_unused]] int told(const std::string& what) {
  script().told += what + " ";
  return script().error;
}
[[maybe_unused]] void words(char* into, const char* text) { std::strcpy(into, text); }

// Three samples of two processes; the second sample of process 7 is the newer one.
template <class Entry>
int samples(Entry* into, unsigned* count) {
  constexpr unsigned there = 300;
  const auto room = *count;
  *count = there;
  if (room < there) return NVML_ERROR_INSUFFICIENT_SIZE;
  std::memset(static_cast<void*>(into), 0, there * sizeof(Entry));
  for (unsigned i = 0; i < there; ++i) {
    into[i].pid = i == 0 ? 9 : 7;
    into[i].timeStamp = 1000 + i;
    into[i].smUtil = i % 100;
  }
  *count = there;
  return NVML_SUCCESS;
}

}  // namespace

FAKE int nvmlDeviceGetProcessUtilization(nvmlDevice_t, nvmlProcessUtilizationSample_t* into, unsigned* count,
                                         unsigned long long since) {
  told("since(" + std::to_string(since) + ")");
  return samples(into, count);
}

#ifndef FAKE_OLD
FAKE int nvmlDeviceGetProcessesUtilizationInfo(nvmlDevice_t, nvmlProcessesUtilizationInfo_v1_t* list) {
  if (list->version != nvmlProcessesUtilizationInfo_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  const int code = samples(list->procUtilArray, &list->processSamplesCount);
  if (code == NVML_SUCCESS) list->procUtilArray[0].ofaUtil = 5;
  return code;
}
FAKE int nvmlDeviceGetTopologyCommonAncestor(nvmlDevice_t one, nvmlDevice_t other, unsigned* level) {
  if (one == other) return NVML_ERROR_NOT_SUPPORTED;
  *level = script().path_level;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t* device);
FAKE int nvmlDeviceGetTopologyNearestGpus(nvmlDevice_t, unsigned level, unsigned* count, nvmlDevice_t* into) {
  *count = 0;
  if (level != 30) return NVML_SUCCESS;
  for (const unsigned index : {1U, 0U}) nvmlDeviceGetHandleByIndex_v2(index, &into[(*count)++]);
  return NVML_SUCCESS;
}
FAKE int nvmlSystemGetTopologyGpuSet(unsigned cpu, unsigned* count, nvmlDevice_t* into) {
  *count = 1;
  return cpu == 99 ? int{NVML_ERROR_INVALID_ARGUMENT} : nvmlDeviceGetHandleByIndex_v2(cpu % 2, into);
}
FAKE int nvmlDeviceGetP2PStatus(nvmlDevice_t, nvmlDevice_t, unsigned access, unsigned* status) {
  *status = access == 4 ? 77 : access;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetCpuAffinity(nvmlDevice_t, unsigned, unsigned long* mask) {
  mask[0] = 0xF;
  mask[1] = 1;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetMemoryAffinity(nvmlDevice_t, unsigned, unsigned long* mask, unsigned scope) {
  mask[0] = scope == 0 ? 2 : 0;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetNumaNodeId(nvmlDevice_t, unsigned* node) {
  *node = 4;
  return NVML_SUCCESS;
}
FAKE int nvmlGetExcludedDeviceCount(unsigned* count) {
  *count = 1;
  return NVML_SUCCESS;
}
FAKE int nvmlGetExcludedDeviceInfoByIndex(unsigned, nvmlExcludedDeviceInfo_t* info) {
  words(info->pciInfo.busId, "00000000:4B:00.0");
  words(info->uuid, "GPU-excluded");
  return NVML_SUCCESS;
}

FAKE int nvmlDeviceGetNvLinkState(nvmlDevice_t, unsigned link, unsigned* state) {
  *state = link < 2 ? 1 : 0;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetNvLinkErrorCounter(nvmlDevice_t, unsigned link, unsigned counter, unsigned long long* count) {
  *count = 100 * link + counter;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetNvLinkCapability(nvmlDevice_t, unsigned link, unsigned capability, unsigned* can) {
  *can = 100 * link + capability;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetNvLinkRemotePciInfo_v2(nvmlDevice_t, unsigned, nvmlPciInfo_t* pci) {
  words(pci->busId, "00000000:CD:00.0");
  return NVML_SUCCESS;
}
FAKE int nvmlSystemGetNvlinkBwMode(unsigned* mode) {
  *mode = 3;
  return NVML_SUCCESS;
}

FAKE int nvmlDeviceGetEncoderSessions(nvmlDevice_t, unsigned* count, nvmlEncoderSession_t* into) {
  *count = 1;
  into[0] = {1, 2, 0, 1, 1920, 1080, 60, 900};
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetFBCSessions(nvmlDevice_t, unsigned* count, nvmlFBCSession_t* into) {
  *count = 1;
  into[0] = {1, 2, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  return NVML_SUCCESS;
}

// Taking a sample records its GPU and instance. The value of a metric is its number plus a quarter; metrics above 100
// do not exist.
FAKE int nvmlGpmSampleAlloc(nvmlGpmSample_t* sample) {
  *sample = reinterpret_cast<nvmlGpmSample_t>(new char);
  told("alloc");
  return NVML_SUCCESS;
}
FAKE int nvmlGpmSampleFree(nvmlGpmSample_t sample) {
  delete reinterpret_cast<char*>(sample);
  told("free");
  return NVML_SUCCESS;
}
FAKE int nvmlGpmSampleGet(nvmlDevice_t device, nvmlGpmSample_t) { return told("sample(" + index_of(device) + ")"); }
FAKE int nvmlGpmMigSampleGet(nvmlDevice_t device, unsigned gi, nvmlGpmSample_t) {
  return told("sample(" + index_of(device) + "," + std::to_string(gi) + ")");
}
FAKE int nvmlGpmMetricsGet(nvmlGpmMetricsGet_t* ask) {
  if (ask->version != 1 || ask->sample1 == ask->sample2) return NVML_ERROR_INVALID_ARGUMENT;
  for (unsigned i = 0; i < ask->numMetrics; ++i) {
    auto& metric = ask->metrics[i];
    metric.nvmlReturn = metric.metricId > 100 ? NVML_ERROR_NOT_SUPPORTED : NVML_SUCCESS;
    metric.value = metric.metricId + 0.25;
    metric.metricInfo = metric.metricId > 100 ? nvmlGpmMetricInfo_t{nullptr, nullptr, "%"}
                                              : nvmlGpmMetricInfo_t{"short", "LONG", "MiB/s"};
  }
  return NVML_SUCCESS;
}
FAKE int nvmlGpmQueryIfStreamingEnabled(nvmlDevice_t, unsigned* state) {
  *state = 1;
  return NVML_SUCCESS;
}
FAKE int nvmlSystemGetConfComputeState(nvmlConfComputeSystemState_t* state) {
  *state = {2, 1, 0};
  return NVML_SUCCESS;
}
FAKE int nvmlSystemGetConfComputeCapabilities(nvmlConfComputeSystemCaps_t* can) {
  *can = {2, 1};
  return NVML_SUCCESS;
}
FAKE int nvmlSystemGetConfComputeGpusReadyState(unsigned* ready) {
  *ready = 1;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetConfComputeMemSizeInfo(nvmlDevice_t, nvmlConfComputeMemSizeInfo_t* sizes) {
  *sizes = {5, 6};
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceQueryDrainState(nvmlPciInfo_t* pci, unsigned* state) {
  told(std::string(pci->busId) + "|" + pci->busIdLegacy);
  *state = 1;
  return NVML_SUCCESS;
}

FAKE int nvmlDeviceSetEccMode(nvmlDevice_t d, unsigned on) {
  return told("ecc(" + index_of(d) + "," + std::to_string(on) + ")");
}
FAKE int nvmlDeviceClearEccErrorCounts(nvmlDevice_t, unsigned which) {
  return told("clear(" + std::to_string(which) + ")");
}
FAKE int nvmlDeviceSetAccountingMode(nvmlDevice_t, unsigned on) {
  return told("accounting(" + std::to_string(on) + ")");
}
FAKE int nvmlDeviceClearAccountingPids(nvmlDevice_t) { return told("pids"); }
FAKE int nvmlDeviceSetPowerManagementLimit(nvmlDevice_t, unsigned limit) {
  return told("power(" + std::to_string(limit) + ")");
}
FAKE int nvmlDeviceSetGpuLockedClocks(nvmlDevice_t, unsigned low, unsigned high) {
  return told("gpu(" + std::to_string(low) + "," + std::to_string(high) + ")");
}
FAKE int nvmlDeviceResetGpuLockedClocks(nvmlDevice_t) { return told("gpu()"); }
FAKE int nvmlDeviceSetMemoryLockedClocks(nvmlDevice_t, unsigned low, unsigned high) {
  return told("memory(" + std::to_string(low) + "," + std::to_string(high) + ")");
}
FAKE int nvmlDeviceResetMemoryLockedClocks(nvmlDevice_t) { return told("memory()"); }
FAKE int nvmlDeviceSetApplicationsClocks(nvmlDevice_t, unsigned memory, unsigned graphics) {
  return told("applications(" + std::to_string(memory) + "," + std::to_string(graphics) + ")");
}
FAKE int nvmlDeviceResetApplicationsClocks(nvmlDevice_t) { return told("applications()"); }
#endif
