// Exported: accounting: which processes ran on a GPU, for how long, and how much they used.
#include <algorithm>
#include <set>
#include <vector>

#include "abi/nvml_processes.hpp"
#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Argument;
using simnvml::Device;
using simnvml::give;
using simnvml::with_gpu;
using simnvml::with_setting;

namespace {

// The size that was recorded (surface_test.cpp). A simulated node keeps only the last 256 records of all its GPUs.
constexpr unsigned buffer_size = 4000;

bool runs(const sim::Client& client) { return (client.kinds & 3U) != 0; }

}  // namespace

NVML_EXPORT nvmlDeviceGetAccountingMode(nvmlDevice_t handle, unsigned* mode) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device& d) {
    return give(mode, d.state.mig.mode ? 0 : d.state.accounting);  // off while MIG is on
  });
}
NVML_EXPORT nvmlDeviceSetAccountingMode(nvmlDevice_t handle, unsigned mode) {
  const Argument arguments[] = {{"mode", mode}};
  return with_setting(__func__, handle, arguments, [&](sim::Driver& driver, std::uint32_t gpu) -> sim::OrDenial<void> {
    if (mode > 1) return std::unexpected(sim::Denial{sim::Denial::Kind::invalid, {}});
    return driver.set_accounting(gpu, mode == 1);
  });
}
NVML_EXPORT nvmlDeviceClearAccountingPids(nvmlDevice_t handle) {
  return with_setting(__func__, handle, {},
                      [](sim::Driver& driver, std::uint32_t gpu) { return driver.clear_accounted(gpu); });
}
NVML_EXPORT nvmlDeviceGetAccountingBufferSize(nvmlDevice_t handle, unsigned* size) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) { return give(size, buffer_size); });
}
NVML_EXPORT nvmlDeviceGetAccountingPids(nvmlDevice_t handle, unsigned* count, unsigned* pids) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    std::set<unsigned> found;
    if (d.state.accounting != 0) {
      for (const auto& ended : driver.accounted(d.gpu)) found.insert(ended.pid);
      for (const auto& client : driver.clients(d.gpu))
        if (runs(client)) found.insert(client.pid);
    }
    const auto room = *count;
    *count = static_cast<unsigned>(found.size());
    if (found.empty()) return NVML_SUCCESS;  // recorded (surface_test.cpp): success even without an array
    if (pids == nullptr || room < found.size()) return NVML_ERROR_INSUFFICIENT_SIZE;
    std::copy(found.begin(), found.end(), pids);
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetAccountingStats(nvmlDevice_t handle, unsigned pid, nvmlAccountingStats_t* stats) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (stats == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (d.state.accounting == 0) return NVML_ERROR_NOT_FOUND;  // recorded (surface_test.cpp)
    *stats = {};
    const auto ended = driver.accounted(d.gpu);
    for (const auto& client : driver.clients(d.gpu)) {
      if (client.pid != pid || !runs(client)) continue;
      // NVML's documentation: the time is 0 until the process has ended.
      stats->gpuUtilization = client.load.sm;
      stats->memoryUtilization = client.load.memory;
      stats->maxMemoryUsage = client.memory_bytes;  // NVML_VALUE_NOT_AVAILABLE if it is unknown
      stats->startTime = client.started_us;
      stats->isRunning = 1;
      return NVML_SUCCESS;
    }
    // If several processes had the same pid, this finds the last one.
    const auto last = std::find_if(ended.rbegin(), ended.rend(), [&](const auto& one) { return one.pid == pid; });
    if (last == ended.rend()) return NVML_ERROR_NOT_FOUND;
    stats->gpuUtilization = last->load.sm;
    stats->memoryUtilization = last->load.memory;
    stats->maxMemoryUsage = last->memory_bytes;
    stats->time = (last->ended_us - last->started_us) / 1000;
    stats->startTime = last->started_us;
    return NVML_SUCCESS;
  });
}
