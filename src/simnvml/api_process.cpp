// Exported: the processes on a GPU or a MIG device.
#include <algorithm>
#include <vector>

#include "abi/nvml_processes.hpp"
#include "simnvml/call.hpp"
#include "simnvml/processes.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Device;
using simnvml::with_device;

namespace gpuslice::simnvml {

std::vector<sim::Client> processes_of(sim::Driver& driver, const Device& device, unsigned kind) {
  std::vector<sim::Client> found;
  for (const auto& client : driver.clients(device.gpu)) {
    if ((client.kinds & kind) == 0) continue;
    if (device.mig && (client.gi != static_cast<std::int32_t>(device.mig->gi.value) ||
                       client.ci != static_cast<std::int32_t>(device.mig->ci.value)))
      continue;
    found.push_back(client);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.pid < b.pid; });
  return found;
}

}  // namespace gpuslice::simnvml

namespace {

constexpr unsigned none = 0xffffffffU;

unsigned id_of(std::int32_t id) { return id < 0 ? none : static_cast<unsigned>(id); }

// The protocol of all process lists: the caller passes the capacity; if it is too small (or there is no array), it gets
// the required capacity.
template <class Entry, class Fill>
nvmlReturn_t list(const char* function, nvmlDevice_t handle, unsigned kind, unsigned* count, Entry* into, Fill fill) {
  return with_device({function, handle}, [&](sim::Driver& driver, const Device& device) {
    if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!device.mig && device.state.mig.mode && !driver.may_monitor()) return NVML_ERROR_NO_PERMISSION;
    const auto found = simnvml::processes_of(driver, device, kind);
    const auto room = *count;
    *count = static_cast<unsigned>(found.size());
    if (found.empty()) return NVML_SUCCESS;  // recorded (surface_test.cpp): success even without an array
    if (into == nullptr || room < found.size()) return NVML_ERROR_INSUFFICIENT_SIZE;
    for (std::size_t i = 0; i < found.size(); ++i) fill(found[i], into[i]);
    return NVML_SUCCESS;
  });
}

nvmlReturn_t list_v1(const char* function, nvmlDevice_t handle, unsigned kind, unsigned* count,
                     nvmlProcessInfo_v1_t* into) {
  return list(function, handle, kind, count, into, [](const sim::Client& client, nvmlProcessInfo_v1_t& entry) {
    entry = {};
    entry.pid = client.pid;
    entry.usedGpuMemory = client.memory_bytes;
  });
}
nvmlReturn_t list_v2(const char* function, nvmlDevice_t handle, unsigned kind, unsigned* count,
                     nvmlProcessInfo_v2_t* into) {
  return list(function, handle, kind, count, into, [](const sim::Client& client, nvmlProcessInfo_v2_t& entry) {
    entry = {};
    entry.pid = client.pid;
    entry.usedGpuMemory = client.memory_bytes;
    entry.gpuInstanceId = id_of(client.gi);
    entry.computeInstanceId = id_of(client.ci);
  });
}

}  // namespace

NVML_EXPORT nvmlDeviceGetComputeRunningProcesses(nvmlDevice_t h, unsigned* n, nvmlProcessInfo_v1_t* into) {
  return list_v1(__func__, h, simnvml::compute_kind, n, into);
}
NVML_EXPORT nvmlDeviceGetComputeRunningProcesses_v2(nvmlDevice_t h, unsigned* n, nvmlProcessInfo_v2_t* into) {
  return list_v2(__func__, h, simnvml::compute_kind, n, into);
}
NVML_EXPORT nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t h, unsigned* n, nvmlProcessInfo_v2_t* into) {
  return list_v2(__func__, h, simnvml::compute_kind, n, into);
}
NVML_EXPORT nvmlDeviceGetGraphicsRunningProcesses(nvmlDevice_t h, unsigned* n, nvmlProcessInfo_v1_t* into) {
  return list_v1(__func__, h, simnvml::graphics_kind, n, into);
}
NVML_EXPORT nvmlDeviceGetGraphicsRunningProcesses_v2(nvmlDevice_t h, unsigned* n, nvmlProcessInfo_v2_t* into) {
  return list_v2(__func__, h, simnvml::graphics_kind, n, into);
}
NVML_EXPORT nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t h, unsigned* n, nvmlProcessInfo_v2_t* into) {
  return list_v2(__func__, h, simnvml::graphics_kind, n, into);
}
NVML_EXPORT nvmlDeviceGetMPSComputeRunningProcesses(nvmlDevice_t h, unsigned* n, nvmlProcessInfo_v1_t* into) {
  return list_v1(__func__, h, simnvml::mps_kind, n, into);
}
NVML_EXPORT nvmlDeviceGetMPSComputeRunningProcesses_v2(nvmlDevice_t h, unsigned* n, nvmlProcessInfo_v2_t* into) {
  return list_v2(__func__, h, simnvml::mps_kind, n, into);
}
NVML_EXPORT nvmlDeviceGetMPSComputeRunningProcesses_v3(nvmlDevice_t h, unsigned* n, nvmlProcessInfo_v2_t* into) {
  return list_v2(__func__, h, simnvml::mps_kind, n, into);
}
NVML_EXPORT nvmlDeviceGetRunningProcessDetailList(nvmlDevice_t h, nvmlProcessDetailList_v1_t* details) {
  if (details == nullptr)
    return with_device({__func__, h}, [](sim::Driver&, const Device&) { return NVML_ERROR_INVALID_ARGUMENT; });
  if (details->version != nvmlProcessDetailList_v1)
    return with_device({__func__, h}, [](sim::Driver&, const Device&) { return NVML_ERROR_ARGUMENT_VERSION_MISMATCH; });
  constexpr unsigned kinds[] = {simnvml::compute_kind, simnvml::graphics_kind, simnvml::mps_kind,
                                simnvml::compute_kind | simnvml::graphics_kind | simnvml::mps_kind};
  if (details->mode > 3)
    return with_device({__func__, h}, [](sim::Driver&, const Device&) { return NVML_ERROR_INVALID_ARGUMENT; });
  return list(__func__, h, kinds[details->mode], &details->numProcArrayEntries, details->procArray,
              [](const sim::Client& client, nvmlProcessDetail_v1_t& entry) {
                entry = {};
                entry.pid = client.pid;
                entry.usedGpuMemory = client.memory_bytes;
                entry.gpuInstanceId = id_of(client.gi);
                entry.computeInstanceId = id_of(client.ci);
              });
}
