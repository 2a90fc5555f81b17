// Exported: the private table that nvidia-smi asks for, as far as it needs it for -L, the default view and mig.
//
// Which slots it uses, and with what, was recorded at the boundary of the real library (docs/simulated-driver.md): 81 gives a handle by
// index, 213 to 215 the processes with their names, 230 the host's PCIe generation, 251 sets the persistence mode, 26 takes pointers whose answer changes
// nothing visible. Any other slot answers success and writes nothing through what is no counter.
#include <array>
#include <cstddef>
#include <utility>

#include "simnvml/call.hpp"
#include "simnvml/processes.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::call;
using simnvml::Device;
using simnvml::Session;
using simnvml::with_device;

namespace {

constexpr std::array<unsigned char, 16> nvidia_smi_guid = {0xc4, 0xfe, 0x3e, 0x6c, 0xc9, 0x8f, 0x6c, 0x4e,
                                                           0xa3, 0x27, 0xee, 0x69, 0x6e, 0x12, 0xf7, 0xc4};
constexpr std::array<unsigned char, 16> simulated_guid = {'g', 'p', 'u', 's', 'l', 'i', 'c', 'e',
                                                          '-', 's', 'i', 'm', 'u', 'l', 'a', 't'};
constexpr std::size_t table_bytes = 0x870;  // recorded: the table's first word
constexpr std::size_t slots = table_bytes / sizeof(void*);

struct Entry {
  std::uint32_t pid{};
  std::uint32_t pad{};
  std::uint64_t memory{};
  std::uint32_t gi{}, ci{};
  std::uint64_t protected_memory{};
  char name[4096]{};
};
static_assert(sizeof(Entry) == 4128 && offsetof(Entry, memory) == 8 && offsetof(Entry, gi) == 16 && offsetof(Entry, name) == 32);

using Slot = nvmlReturn_t (*)(void*, void*, void*, void*);

nvmlReturn_t handle_by_index(void* index, void* out, void*, void*) {
  return nvmlReturn_t(call([&](const Session& s) {
    const auto gpu = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(index));
    if (out == nullptr || gpu >= s.driver->gpu_count()) return NVML_ERROR_INVALID_ARGUMENT;
    *static_cast<void**>(out) = simnvml::gpu_handle(s, gpu);
    return NVML_SUCCESS;
  }));
}

nvmlReturn_t processes(void* handle, void* count_pointer, void* entries, unsigned kind) {
  return with_device(handle, [&](sim::Driver& driver, const Device& device) {
    auto* count = static_cast<unsigned*>(count_pointer);
    if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const auto room = *count;
    *count = 0;
    if (!device.mig && device.state.mig.mode && !driver.may_monitor()) return NVML_ERROR_NO_PERMISSION;
    auto* into = static_cast<Entry*>(entries);
    for (const auto& client : simnvml::processes_of(driver, device, kind)) {
      if (into == nullptr || *count >= room) return NVML_ERROR_INSUFFICIENT_SIZE;
      auto& entry = into[(*count)++];
      entry.pid = client.pid;
      entry.memory = client.memory_bytes;
      entry.gi = client.gi < 0 ? 0xffffffffU : static_cast<unsigned>(client.gi);
      entry.ci = client.ci < 0 ? 0xffffffffU : static_cast<unsigned>(client.ci);
      entry.protected_memory = 0;
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
  return simnvml::with_gpu(handle, [&](sim::Driver& driver, const Device& device) {
    const auto done = driver.set_persistence(device.gpu, mode != nullptr);
    return done ? NVML_SUCCESS : simnvml::code(done.error());
  });
}

nvmlReturn_t not_supported(void*, void*, void*, void*) { return NVML_ERROR_NOT_SUPPORTED; }
nvmlReturn_t nothing(void*, void*, void*, void*) { return NVML_SUCCESS; }

union Word {
  std::size_t bytes;
  Slot slot;
};
using Table = std::array<Word, slots>;

constexpr Table make_table() {
  Table table{};
  table[0].bytes = table_bytes;
  for (std::size_t i = 1; i < slots; ++i) table[i].slot = &nothing;
  table[81].slot = &handle_by_index;
  table[213].slot = &compute_processes;
  table[214].slot = &mps_processes;
  table[215].slot = &graphics_processes;
  table[251].slot = &set_persistence;
  for (const std::size_t slot : {193U, 230U, 231U, 232U, 237U, 249U}) table[slot].slot = &not_supported;
  return table;
}
constinit Table table = make_table();

// The simulation's own: what tells our adapter that this library reaches no real card.
std::array<const char*, 1> simulated_table = {nullptr};

bool same(const void* guid, const std::array<unsigned char, 16>& wanted) {
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
    return call([&](const Session& s) {
      simulated_table[0] = s.driver->directory().c_str();
      *into = &simulated_table;
      return NVML_SUCCESS;
    });
  }
  return NVML_ERROR_NOT_SUPPORTED;
}
