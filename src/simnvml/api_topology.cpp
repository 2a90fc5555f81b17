// Exported: the topology of a node's GPUs and of the host's processors.
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "simnvml/call.hpp"
#include "simnvml/fabric.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::call;
using simnvml::Device;
using simnvml::give;
using simnvml::look_up;
using simnvml::Session;
using simnvml::with_gpu;

namespace {

enum Ancestor : unsigned { internal = 0, single = 10, multiple = 20, host_bridge = 30, node = 40, sockets = 50 };

// The common ancestor of two GPUs is their NUMA node, or the connection between sockets, because a node does not define
// shared bridges.
unsigned common_ancestor(const sim::Driver& driver, std::uint32_t a, std::uint32_t b) {
  return driver.config(a).numa_node == driver.config(b).numa_node ? node : sockets;
}

// Runs `use(driver, first, second)` for two GPUs.
template <class Use>
nvmlReturn_t with_pair(const char* function, nvmlDevice_t first, nvmlDevice_t second, Use use) {
  return call({function, first}, [&](const Session& s) {
    Device a, b;
    if (const auto found = look_up(s, first, a); found != NVML_SUCCESS) return found;
    if (const auto found = look_up(s, second, b); found != NVML_SUCCESS) return found;
    if (a.mig || b.mig) return NVML_ERROR_NOT_SUPPORTED;
    return use(*s.driver, a.gpu, b.gpu);
  });
}

// The processors of a simulated node are the host's, and all are equally close to every GPU.
std::size_t processors() {
  const auto count = ::sysconf(_SC_NPROCESSORS_CONF);
  return count > 0 ? static_cast<std::size_t>(count) : 1;
}

constexpr std::size_t word_bits = 8 * sizeof(unsigned long);

nvmlReturn_t give_processors(unsigned words, unsigned long* set) {
  if (set == nullptr || words == 0) return NVML_ERROR_INVALID_ARGUMENT;
  const auto count = processors();
  if (words * word_bits < count) return NVML_ERROR_INSUFFICIENT_SIZE;
  std::fill(set, set + words, 0UL);
  for (std::size_t cpu = 0; cpu < count; ++cpu) set[cpu / word_bits] |= 1UL << (cpu % word_bits);
  return NVML_SUCCESS;
}

nvmlReturn_t use_all_processors(const char* function, nvmlDevice_t handle) {
  return with_gpu({function, handle}, [](sim::Driver&, const Device&) {
    cpu_set_t all;
    CPU_ZERO(&all);
    for (std::size_t cpu = 0; cpu < std::min<std::size_t>(processors(), CPU_SETSIZE); ++cpu) CPU_SET(cpu, &all);
    return ::sched_setaffinity(0, sizeof all, &all) == 0 ? NVML_SUCCESS : NVML_ERROR_UNKNOWN;
  });
}

constexpr unsigned affinity_scopes = 2;  // node and socket

nvmlReturn_t give_gpus(const Session& s, const std::vector<std::uint32_t>& gpus, unsigned* count, nvmlDevice_t* into) {
  const auto room = *count;
  *count = static_cast<unsigned>(gpus.size());
  if (into == nullptr) return NVML_SUCCESS;
  if (room < gpus.size()) return NVML_ERROR_INSUFFICIENT_SIZE;
  for (std::size_t i = 0; i < gpus.size(); ++i) into[i] = static_cast<nvmlDevice_t>(simnvml::gpu_handle(s, gpus[i]));
  return NVML_SUCCESS;
}

}  // namespace

NVML_EXPORT nvmlDeviceGetTopologyCommonAncestor(nvmlDevice_t first, nvmlDevice_t second, unsigned* level) {
  return with_pair(__func__, first, second, [&](const sim::Driver& driver, std::uint32_t a, std::uint32_t b) {
    if (level == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (a == b) return NVML_ERROR_NOT_SUPPORTED;  // recorded (surface_test.cpp)
    return give(level, common_ancestor(driver, a, b));
  });
}
NVML_EXPORT nvmlDeviceGetTopologyNearestGpus(nvmlDevice_t handle, unsigned level, unsigned* count, nvmlDevice_t* gpus) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    // As recorded (surface_test.cpp): callers get the number if count is 0 and the array is null, and the GPUs if
    // neither is; every level is accepted.
    if (count == nullptr || (gpus == nullptr) != (*count == 0)) return NVML_ERROR_INVALID_ARGUMENT;
    std::vector<std::uint32_t> near;
    for (const auto other : driver.seen_gpus())
      if (other != d.gpu && common_ancestor(driver, d.gpu, other) == level) near.push_back(other);
    return give_gpus(d.session, near, count, gpus);
  });
}
NVML_EXPORT nvmlSystemGetTopologyGpuSet(unsigned cpu, unsigned* count, nvmlDevice_t* gpus) {
  return call({__func__}, [&](const Session& s) {
    if (count == nullptr || cpu >= processors()) return NVML_ERROR_INVALID_ARGUMENT;
    return give_gpus(s, s.driver->seen_gpus(), count, gpus);
  });
}
NVML_EXPORT nvmlDeviceOnSameBoard(nvmlDevice_t first, nvmlDevice_t second, int* same) {
  return with_pair(__func__, first, second, [&](const sim::Driver&, std::uint32_t a, std::uint32_t b) {
    return give(same, a == b ? 1 : 0);  // boards with several GPUs are not simulated
  });
}
NVML_EXPORT nvmlDeviceGetP2PStatus(nvmlDevice_t first, nvmlDevice_t second, unsigned capability, unsigned* status) {
  return with_pair(__func__, first, second, [&](const sim::Driver& driver, std::uint32_t a, std::uint32_t b) {
    enum Capability : unsigned { read, write, nvlink, atomics, prop, unknown_capability = 5, last = 6 };
    constexpr unsigned ok = 0, not_supported = 5, unknown = 6;
    if (status == nullptr || capability > last) return NVML_ERROR_INVALID_ARGUMENT;
    if (capability >= unknown_capability) return give(status, ok);  // recorded (surface_test.cpp)
    if (a == b) return give(status, not_supported);                 // recorded (surface_test.cpp)
    const bool joined = simnvml::active_links(driver, a) != 0 && simnvml::active_links(driver, b) != 0;
    // Without a fabric, the answer depends on the host's chipset, which a node does not define.
    if (!joined) return give(status, capability == nvlink ? not_supported : unknown);
    return give(status, ok);
  });
}
NVML_EXPORT nvmlDeviceGetCpuAffinity(nvmlDevice_t handle, unsigned words, unsigned long* set) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) { return give_processors(words, set); });
}
NVML_EXPORT nvmlDeviceGetCpuAffinityWithinScope(nvmlDevice_t handle, unsigned words, unsigned long* set,
                                                unsigned scope) {
  return with_gpu({__func__, handle}, [&](sim::Driver&, const Device&) {
    return scope >= affinity_scopes ? NVML_ERROR_INVALID_ARGUMENT : give_processors(words, set);
  });
}
NVML_EXPORT nvmlDeviceGetMemoryAffinity(nvmlDevice_t handle, unsigned words, unsigned long* set, unsigned scope) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (set == nullptr || words == 0 || scope >= affinity_scopes) return NVML_ERROR_INVALID_ARGUMENT;
    // A host that reports no NUMA nodes is treated as one with a single node (recorded: surface_test.cpp).
    const auto number = static_cast<std::size_t>(std::max(0, driver.config(d.gpu).numa_node));
    if (number >= words * word_bits) return NVML_ERROR_INSUFFICIENT_SIZE;
    std::fill(set, set + words, 0UL);
    set[number / word_bits] = 1UL << (number % word_bits);
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceSetCpuAffinity(nvmlDevice_t handle) { return use_all_processors(__func__, handle); }
NVML_EXPORT nvmlDeviceClearCpuAffinity(nvmlDevice_t handle) { return use_all_processors(__func__, handle); }
