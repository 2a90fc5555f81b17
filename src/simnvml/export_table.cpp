// Exported: the private table that nvidia-smi requests, with the slots that it needs for -L, the default view and mig.
//
// abi/private_table.hpp lists the slots that it uses, their arguments, and where they were recorded. Any other slot
// returns success and writes nothing.
#include <array>
#include <cstddef>
#include <cstdio>
#include <utility>

#include "abi/private_table.hpp"
#include "simnvml/call.hpp"
#include "simnvml/processes.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::call;
using simnvml::Device;
using simnvml::Session;
using simnvml::with_device;

namespace {

using Slot = nvmlReturn_t (*)(void*, void*, void*, void*);

// Works also for a lost GPU, because nvidia-smi names it by this address.
nvmlReturn_t address_by_index(void* index, void* out, void* size, void*) {
  const auto number = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(index));
  return call({"private address by index"}, [&](const Session& s) {
    const auto& seen = s.driver->seen_gpus();
    if (number >= seen.size()) return NVML_ERROR_INVALID_ARGUMENT;
    const auto& gpu = s.driver->config(seen[number]);
    char text[32];
    std::snprintf(text, sizeof text, "%04X:%02X:%02X.0", gpu.pci_domain, gpu.pci_bus, gpu.pci_device);
    return simnvml::give(std::string_view(text), static_cast<char*>(out),
                         static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(size)));
  });
}

nvmlReturn_t processes(void* handle, void* count_pointer, void* entries, unsigned kind) {
  return with_device({"private processes", handle}, [&](sim::Driver& driver, const Device& device) {
    auto* count = static_cast<unsigned*>(count_pointer);
    if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const auto room = *count;
    *count = 0;
    if (!device.mig && device.state.mig.mode && !driver.may_monitor()) return NVML_ERROR_NO_PERMISSION;
    auto* into = static_cast<PrivateProcessEntry*>(entries);
    for (const auto& client : simnvml::processes_of(driver, device, kind)) {
      if (into == nullptr || *count >= room) return NVML_ERROR_INSUFFICIENT_SIZE;
      auto& entry = into[(*count)++];
      entry.pid = client.pid;
      entry.usedGpuMemory = client.memory_bytes;
      entry.gpuInstanceId = client.gi < 0 ? 0xffffffffU : static_cast<unsigned>(client.gi);
      entry.computeInstanceId = client.ci < 0 ? 0xffffffffU : static_cast<unsigned>(client.ci);
      entry.usedGpuCcProtectedMemory = 0;
      const auto name = client.name.view();
      std::memcpy(entry.name, name.data(), name.size());
      entry.name[name.size()] = '\0';
    }
    return NVML_SUCCESS;
  });
}
nvmlReturn_t compute_processes(void* h, void* n, void* e, void*) { return processes(h, n, e, simnvml::compute_kind); }
nvmlReturn_t mps_processes(void* h, void* n, void* e, void*) { return processes(h, n, e, simnvml::mps_kind); }
nvmlReturn_t graphics_processes(void* h, void* n, void* e, void*) { return processes(h, n, e, simnvml::graphics_kind); }

// Recorded: `nvidia-smi -pm` sets the persistence mode here, not with nvmlDeviceSetPersistenceMode.
nvmlReturn_t set_persistence(void* handle, void* mode, void*, void*) {
  const simnvml::Argument arguments[] = {{"mode", mode != nullptr ? 1 : 0}};
  return simnvml::with_gpu({"private persistence mode", handle, sim::CallKind::set_persistence, arguments},
                           [&](sim::Driver& driver, const Device& device) {
                             const auto done = driver.set_persistence(device.gpu, mode != nullptr);
                             return done ? NVML_SUCCESS : simnvml::code(done.error());
                           });
}

unsigned length_of(void* argument) { return static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(argument)); }

nvmlReturn_t gpu_part_number(void* handle, void* text, void* length, void*) {
  return simnvml::with_gpu({"private GPU part number", handle}, [&](sim::Driver& driver, const Device& device) {
    return simnvml::give(driver.board(device.gpu).sensors.gpu_part_number, static_cast<char*>(text), length_of(length));
  });
}
// As recorded on a board that has no such number: an empty text.
nvmlReturn_t fru_part_number(void* handle, void* text, void* length, void*) {
  return simnvml::with_gpu({"private FRU part number", handle}, [&](sim::Driver&, const Device&) {
    return simnvml::give("", static_cast<char*>(text), length_of(length));
  });
}
// 0 means that no clock is pending.
nvmlReturn_t deferred_memory_clock(void* handle, void* mhz, void*, void*) {
  return simnvml::with_gpu({"private deferred memory clock", handle}, [&](sim::Driver&, const Device&) {
    return simnvml::give(static_cast<std::uint32_t*>(mhz), 0);
  });
}
nvmlReturn_t sparse_operation_mode(void* handle, void* mode, void*, void*) {
  return simnvml::with_gpu({"private sparse operation mode", handle}, [&](sim::Driver& driver, const Device& device) {
    if (!driver.board(device.gpu).sensors.sparse_mode.value.value_or(false)) return NVML_ERROR_NOT_SUPPORTED;
    return simnvml::give(static_cast<std::uint32_t*>(mode), 0);
  });
}

constexpr std::uint32_t time_slice_type = 0;

nvmlReturn_t compute_policies(void* handle, void* list, void*, void*) {
  return simnvml::with_gpu({"private compute policies", handle}, [&](sim::Driver& driver, const Device& device) {
    if (list == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!driver.has_time_slice(device.gpu)) return NVML_ERROR_NOT_SUPPORTED;
    *static_cast<PrivateComputePolicies*>(list) = {1, {{time_slice_type, device.state.time_slice}}};
    return NVML_SUCCESS;
  });
}

nvmlReturn_t set_compute_policy(void* handle, void* policies, void*, void*) {
  const auto* policy = static_cast<const PrivateComputePolicy*>(policies);
  const simnvml::Argument arguments[] = {{"timeslice", policy != nullptr ? policy->value : 0}};
  return simnvml::with_gpu({"private compute policy", handle, sim::CallKind::set_time_slice, arguments},
                           [&](sim::Driver& driver, const Device& device) {
                             if (policy == nullptr || policy->type != time_slice_type)
                               return NVML_ERROR_INVALID_ARGUMENT;
                             const auto done = driver.set_time_slice(device.gpu, policy->value);
                             return done ? NVML_SUCCESS : simnvml::code(done.error());
                           });
}

}  // namespace
NVML_EXPORT nvmlDeviceGetHandleByPciBusId_v2(const char* id, nvmlDevice_t* device);
NVML_EXPORT nvmlDeviceGetTopologyCommonAncestor(nvmlDevice_t a, nvmlDevice_t b, unsigned* level);
NVML_EXPORT nvmlDeviceGetMemoryAffinity(nvmlDevice_t device, unsigned words, unsigned long* set, unsigned scope);
namespace {

// The GPUs are named by their bus ids; levels range from 0 (PIX) to 4 (SYS), as derived from the recorded output of
// topo.
nvmlReturn_t path_level(void* first, void* second, void* level, void*) {
  nvmlDevice_t a{}, b{};
  if (const auto found = nvmlDeviceGetHandleByPciBusId_v2(static_cast<const char*>(first), &a); found != NVML_SUCCESS)
    return found;
  if (const auto found = nvmlDeviceGetHandleByPciBusId_v2(static_cast<const char*>(second), &b); found != NVML_SUCCESS)
    return found;
  auto* into = static_cast<unsigned*>(level);
  const auto done = nvmlDeviceGetTopologyCommonAncestor(a, b, into);
  if (done == NVML_SUCCESS) *into = *into == 0 ? 0 : *into / 10 - 1;
  return done;
}

// The NUMA nodes of the processors close to a GPU are those close to the GPU itself.
nvmlReturn_t processor_memories(void* handle, void* words, void* set, void* scope) {
  const auto number = [](void* word) { return static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(word)); };
  return nvmlDeviceGetMemoryAffinity(static_cast<nvmlDevice_t>(handle), number(words), static_cast<unsigned long*>(set),
                                     number(scope));
}

nvmlReturn_t not_supported(void*, void*, void*, void*) { return NVML_ERROR_NOT_SUPPORTED; }
nvmlReturn_t nothing(void*, void*, void*, void*) { return NVML_SUCCESS; }

union Word {
  std::size_t bytes;
  Slot slot;
};
using Table = std::array<Word, private_table_words>;

constexpr Table make_table() {
  Table table{};
  table[0].bytes = private_table_bytes;
  for (std::size_t i = 1; i < private_table_words; ++i) table[i].slot = &nothing;
  table[slot::address_by_index].slot = &address_by_index;
  table[slot::path_level].slot = &path_level;
  table[slot::compute_processes].slot = &compute_processes;
  table[slot::mps_processes].slot = &mps_processes;
  table[slot::graphics_processes].slot = &graphics_processes;
  table[slot::set_persistence_mode].slot = &set_persistence;
  table[slot::set_compute_policy].slot = &set_compute_policy;
  table[slot::compute_policies].slot = &compute_policies;
  table[slot::processor_memories].slot = &processor_memories;
  // As recorded in a virtual machine: a node does not define the PCIe generation of its host.
  table[slot::host_pcie_generation].slot = &not_supported;
  table[slot::gpu_part_number].slot = &gpu_part_number;
  table[slot::deferred_memory_clock].slot = &deferred_memory_clock;
  table[slot::fru_part_number].slot = &fru_part_number;
  table[slot::sparse_operation_mode].slot = &sparse_operation_mode;
  return table;
}
constinit Table table = make_table();

// This is not a driver call, so it is never traced and no fault affects it; it applies the latency of a reset itself.
int reset(unsigned int gpu) {
  Session session;
  if (!simnvml::current(session)) return NVML_ERROR_UNINITIALIZED;
  const auto& seen = session.driver->seen_gpus();
  if (gpu >= seen.size()) return NVML_ERROR_INVALID_ARGUMENT;
  if (!session.driver->may_configure()) return NVML_ERROR_NO_PERMISSION;
  const auto done = session.driver->reset(seen[gpu]);
  return done ? NVML_SUCCESS : simnvml::code(done.error());
}

int time_slice(unsigned int gpu, unsigned int* policy) {
  Session session;
  if (!simnvml::current(session)) return NVML_ERROR_UNINITIALIZED;
  if (gpu >= session.driver->gpu_count() || policy == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
  if (!session.driver->has_time_slice(gpu)) return NVML_ERROR_NOT_SUPPORTED;
  *policy = session.driver->gpu(gpu).time_slice;
  return NVML_SUCCESS;
}

int set_time_slice(unsigned int gpu, unsigned int policy) {
  Session session;
  if (!simnvml::current(session)) return NVML_ERROR_UNINITIALIZED;
  if (gpu >= session.driver->gpu_count()) return NVML_ERROR_INVALID_ARGUMENT;
  const auto done = session.driver->set_time_slice(gpu, policy);
  return done ? NVML_SUCCESS : simnvml::code(done.error());
}

// Shows our adapter that this library does not reach real hardware.
SimulatedTable simulated_table = {nullptr, &reset, &time_slice, &set_time_slice};

bool same(const void* guid, const ExportTableGuid& wanted) {
  return std::memcmp(guid, wanted.data(), wanted.size()) == 0;
}

}  // namespace

NVML_EXPORT nvmlInternalGetExportTable(const void** into, const void* guid) {
  if (into == nullptr || guid == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
  if (same(guid, nvidia_smi_guid)) {
    *into = &table;
    return NVML_SUCCESS;
  }
  if (same(guid, simulated_guid)) {
    // This is not a driver call, so it is never traced, and no fault may hide it.
    Session session;
    if (!simnvml::current(session)) return NVML_ERROR_UNINITIALIZED;
    simulated_table.directory = session.driver->directory().c_str();
    *into = &simulated_table;
    return NVML_SUCCESS;
  }
  return NVML_ERROR_NOT_SUPPORTED;
}
