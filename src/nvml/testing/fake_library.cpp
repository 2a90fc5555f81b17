// A driver library for tests: a few functions, whose answers a script defines. It is built twice; with FAKE_OLD it has
// only the function names of an old driver.
#include <algorithm>
#include <cstring>
#include <string>

#include "abi/nvml_mig.hpp"
#include "abi/nvml_processes.hpp"
#include "abi/private_table.hpp"
#include "nvml/testing/fake_script.hpp"

#define FAKE extern "C" __attribute__((visibility("default")))

using namespace gpuslice::abi;
using gpuslice::nvml::testing::ProcessList;
using gpuslice::nvml::testing::Script;

namespace {

Script script;
// The targets of handles: one for each GPU, MIG device and instance, by number.
[[maybe_unused]] char gpu_blocks[8], mig_blocks[8], gi_blocks[16], ci_blocks[16];

template <class Handle>
Handle handle(char* blocks, unsigned number) {
  return reinterpret_cast<Handle>(blocks + number);
}
template <class Handle>
unsigned number(const char* blocks, Handle of) {
  return static_cast<unsigned>(reinterpret_cast<const char*>(of) - blocks);
}
bool is_mig(nvmlDevice_t device) {
  const auto* at = reinterpret_cast<const char*>(device);
  return at >= mig_blocks && at < mig_blocks + sizeof(mig_blocks);
}
int put(char* into, unsigned room, const std::string& text) {
  if (text.size() + 1 > room) return NVML_ERROR_INSUFFICIENT_SIZE;
  std::memcpy(into, text.c_str(), text.size() + 1);
  return NVML_SUCCESS;
}
[[maybe_unused]] void told(const std::string& what) { script.told += what + " "; }

int list(const ProcessList& from, unsigned* count, nvmlProcessInfo_v2_t* into) {
  if (from.code != NVML_SUCCESS) return from.code;
  const auto room = *count;
  if (script.grows > 0) {
    --script.grows;
    *count = room + 1;
    return NVML_ERROR_INSUFFICIENT_SIZE;
  }
  *count = static_cast<unsigned>(from.entries.size());
  if (room < *count) return NVML_ERROR_INSUFFICIENT_SIZE;
  std::copy(from.entries.begin(), from.entries.end(), into);
  return NVML_SUCCESS;
}

int init() {
  ++script.inits;
  return script.init;
}
int count_of_gpus(unsigned* count) {
  *count = script.gpus;
  return NVML_SUCCESS;
}
int by_index(unsigned index, nvmlDevice_t* device) {
  ++script.handles_asked;
  if (index >= script.gpus) return NVML_ERROR_INVALID_ARGUMENT;
  *device = handle<nvmlDevice_t>(gpu_blocks, index);
  return NVML_SUCCESS;
}

}  // namespace

FAKE Script* fake_script() { return &script; }

FAKE const char* nvmlErrorString(int code) {
  static std::string words;
  words = "driver text for " + std::to_string(code);
  return words.c_str();
}
FAKE int nvmlShutdown() {
  ++script.shutdowns;
  return NVML_SUCCESS;
}
const void* fake_private_table();
FAKE int nvmlInternalGetExportTable(const void** table, const void* guid) {
  if (script.private_table && std::memcmp(guid, nvidia_smi_guid.data(), nvidia_smi_guid.size()) == 0) {
    *table = fake_private_table();
    return NVML_SUCCESS;
  }
  static unsigned policy = 0;
  static SimulatedTable answer{nullptr, [](unsigned gpu) -> int { return gpu == 0 ? NVML_SUCCESS : NVML_ERROR_IN_USE; },
                               [](unsigned gpu, unsigned* into) -> int {
                                 *into = policy;
                                 return gpu == 0 ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
                               },
                               [](unsigned gpu, unsigned wanted) -> int {
                                 if (gpu != 0) return NVML_ERROR_NO_PERMISSION;
                                 policy = wanted;
                                 return NVML_SUCCESS;
                               }};
  if (std::memcmp(guid, simulated_guid.data(), simulated_guid.size()) != 0) return NVML_ERROR_NOT_SUPPORTED;
  if (script.simulated_node.empty() && !script.simulated_without_name) return NVML_ERROR_NOT_SUPPORTED;
  answer.directory = script.simulated_without_name ? nullptr : script.simulated_node.c_str();
  *table = &answer;
  return NVML_SUCCESS;
}
FAKE int nvmlSystemGetDriverVersion(char* into, unsigned room) { return put(into, room, "580.159.04"); }
FAKE int nvmlSystemGetProcessName(unsigned pid, char* into, unsigned room) {
  return pid == 404 ? int{NVML_ERROR_NOT_FOUND} : put(into, room, "program-" + std::to_string(pid));
}

FAKE int nvmlDeviceGetIndex(nvmlDevice_t device, unsigned* index) {
  *index = is_mig(device) ? number(mig_blocks, device) : number(gpu_blocks, device);
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetHandleByUUID(const char* uuid, nvmlDevice_t* device) {
  if (std::strcmp(uuid, "GPU-1") == 0)
    *device = handle<nvmlDevice_t>(gpu_blocks, 1);
  else if (std::strcmp(uuid, "MIG-3") == 0)
    *device = handle<nvmlDevice_t>(mig_blocks, 3);
  else
    return NVML_ERROR_NOT_FOUND;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetName(nvmlDevice_t device, char* into, unsigned room) {
  if (script.error != NVML_SUCCESS) return script.error;
  if (!is_mig(device)) return put(into, room, "Fake GPU " + std::to_string(number(gpu_blocks, device)));
  std::memset(into, 'x', room);  // never terminated
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetMemoryInfo(nvmlDevice_t, nvmlMemory_t* memory) {
  *memory = {100, 60, 40};
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetTemperature(nvmlDevice_t, unsigned sensor, unsigned* celsius) {
  *celsius = 40 + sensor;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetTotalEccErrors(nvmlDevice_t, unsigned type, unsigned counter, unsigned long long* count) {
  script.ecc += "total(" + std::to_string(type) + "," + std::to_string(counter) + ") ";
  *count = 11;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetMemoryErrorCounter(nvmlDevice_t device, unsigned type, unsigned counter, unsigned location,
                                         unsigned long long* count) {
  script.ecc += (is_mig(device) ? "mig(" : "gpu(") + std::to_string(type) + "," + std::to_string(counter) + "," +
                std::to_string(location) + ") ";
  *count = 12;
  return NVML_SUCCESS;
}

#ifdef FAKE_OLD
FAKE int nvmlInit() { return init(); }
FAKE int nvmlDeviceGetCount(unsigned* count) { return count_of_gpus(count); }
FAKE int nvmlDeviceGetHandleByIndex(unsigned index, nvmlDevice_t* device) { return by_index(index, device); }
FAKE int nvmlDeviceGetComputeRunningProcesses_v2(nvmlDevice_t, unsigned* count, nvmlProcessInfo_v2_t* into) {
  return list(script.compute, count, into);
}
#else
FAKE int nvmlInit_v2() { return init(); }
FAKE int nvmlSystemGetNVMLVersion(char* into, unsigned room) { return put(into, room, "13.580.159.04"); }
FAKE int nvmlSystemGetCudaDriverVersion_v2(int* version) {
  *version = 13000;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetCount_v2(unsigned* count) { return count_of_gpus(count); }
FAKE int nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t* device) { return by_index(index, device); }
FAKE int nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t, nvmlMemory_v2_t* memory) {
  if (script.error != NVML_SUCCESS) return script.error;
  if (memory->version != nvmlMemory_v2) return NVML_ERROR_FUNCTION_NOT_FOUND;  // as the library of driver 580 does
  *memory = {nvmlMemory_v2, 100, 10, 60, 30};
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetTemperatureV(nvmlDevice_t, nvmlTemperature_v1_t* reading) {
  if (reading->version != nvmlTemperature_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  reading->temperature = 31;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t, unsigned* count, nvmlProcessInfo_v2_t* into) {
  return list(script.compute, count, into);
}
FAKE int nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t, unsigned* count, nvmlProcessInfo_v2_t* into) {
  return list(script.graphics, count, into);
}
FAKE int nvmlDeviceGetMPSComputeRunningProcesses_v3(nvmlDevice_t, unsigned* count, nvmlProcessInfo_v2_t* into) {
  return list(script.mps, count, into);
}

// MIG: GPU instance n has profile id 10 + n, and compute instance n has 20 + n.
FAKE int nvmlDeviceIsMigDeviceHandle(nvmlDevice_t device, unsigned* answer) {
  *answer = is_mig(device) ? 1 : 0;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvmlDevice_t, nvmlDevice_t* gpu) {
  *gpu = handle<nvmlDevice_t>(gpu_blocks, 0);
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t, unsigned* count) {
  *count = script.most_mig_devices;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t, unsigned index, nvmlDevice_t* device) {
  const auto found = script.mig_devices.find(index);
  if (found == script.mig_devices.end()) return NVML_ERROR_NOT_FOUND;
  *device = handle<nvmlDevice_t>(mig_blocks, index);
  return found->second;
}
FAKE int nvmlDeviceGetGpuInstanceProfileInfoV(nvmlDevice_t, unsigned profile, nvmlGpuInstanceProfileInfo_v2_t* info) {
  if (info->version != nvmlGpuInstanceProfileInfo_v2 || profile >= script.gi_profile_enums)
    return NVML_ERROR_INVALID_ARGUMENT;
  const auto found = script.gi_profiles.find(profile);
  if (found == script.gi_profiles.end()) return NVML_ERROR_NOT_SUPPORTED;
  if (found->second != NVML_SUCCESS) return found->second;
  *info = {info->version, 10 + profile, 1, 2, 3, 14, 4, 5, 6, 7, 8, 4864, {}};
  return put(info->name, sizeof(info->name), "MIG 2g.5gb");
}
FAKE int nvmlDeviceGetGpuInstancePossiblePlacements_v2(nvmlDevice_t, unsigned, nvmlGpuInstancePlacement_t* into,
                                                       unsigned* count) {
  *count = into == nullptr ? script.placements : script.placements_at_second_question;
  for (unsigned i = 0; into != nullptr && i < *count; ++i) into[i] = {i, 1};
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetGpuInstances(nvmlDevice_t, unsigned profile, nvmlGpuInstance_t* into, unsigned* count) {
  into[0] = handle<nvmlGpuInstance_t>(gi_blocks, profile - 10);
  *count = 1;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceGetGpuInstanceById(nvmlDevice_t, unsigned id, nvmlGpuInstance_t* instance) {
  if (script.no_instances) return NVML_ERROR_NOT_FOUND;
  *instance = handle<nvmlGpuInstance_t>(gi_blocks, id);
  return NVML_SUCCESS;
}
FAKE int nvmlGpuInstanceGetInfo(nvmlGpuInstance_t instance, nvmlGpuInstanceInfo_t* info) {
  const auto id = number(gi_blocks, instance);
  *info = {nullptr, id, 10 + id, {id, 2}};
  return NVML_SUCCESS;
}
FAKE int nvmlGpuInstanceGetComputeInstanceById(nvmlGpuInstance_t, unsigned id, nvmlComputeInstance_t* instance) {
  *instance = handle<nvmlComputeInstance_t>(ci_blocks, id);
  return NVML_SUCCESS;
}
FAKE int nvmlComputeInstanceGetInfo_v2(nvmlComputeInstance_t instance, nvmlComputeInstanceInfo_t* info) {
  const auto id = number(ci_blocks, instance);
  *info = {nullptr, nullptr, id, 20 + id, {id, 1}};
  return NVML_SUCCESS;
}

FAKE int nvmlDeviceSetMigMode(nvmlDevice_t device, unsigned mode, int* activation) {
  told("SetMigMode(" + std::to_string(number(gpu_blocks, device)) + "," + std::to_string(mode) + ")");
  *activation = script.activation;
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceCreateGpuInstance(nvmlDevice_t, unsigned profile, nvmlGpuInstance_t* made) {
  told("CreateGpuInstance(" + std::to_string(profile) + ")");
  *made = handle<nvmlGpuInstance_t>(gi_blocks, 5);
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceCreateGpuInstanceWithPlacement(nvmlDevice_t, unsigned profile,
                                                  const nvmlGpuInstancePlacement_t* placement,
                                                  nvmlGpuInstance_t* made) {
  told("CreateGpuInstance(" + std::to_string(profile) + " at " + std::to_string(placement->start) + ":" +
       std::to_string(placement->size) + ")");
  *made = handle<nvmlGpuInstance_t>(gi_blocks, 6);
  return NVML_SUCCESS;
}
FAKE int nvmlGpuInstanceDestroy(nvmlGpuInstance_t instance) {
  told("GpuInstanceDestroy(" + std::to_string(number(gi_blocks, instance)) + ")");
  return NVML_ERROR_IN_USE;
}
FAKE int nvmlGpuInstanceCreateComputeInstance(nvmlGpuInstance_t instance, unsigned profile,
                                              nvmlComputeInstance_t* made) {
  told("CreateComputeInstance(" + std::to_string(number(gi_blocks, instance)) + "," + std::to_string(profile) + ")");
  *made = handle<nvmlComputeInstance_t>(ci_blocks, 1);
  return NVML_SUCCESS;
}
FAKE int nvmlComputeInstanceDestroy(nvmlComputeInstance_t instance) {
  told("ComputeInstanceDestroy(" + std::to_string(number(ci_blocks, instance)) + ")");
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceSetComputeMode(nvmlDevice_t, unsigned mode) {
  told("SetComputeMode(" + std::to_string(mode) + ")");
  return NVML_SUCCESS;
}
FAKE int nvmlDeviceSetPersistenceMode(nvmlDevice_t, unsigned mode) {
  told("SetPersistenceMode(" + std::to_string(mode) + ")");
  return NVML_SUCCESS;
}
#endif
