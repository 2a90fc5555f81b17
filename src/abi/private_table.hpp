// The tables behind nvmlInternalGetExportTable(const void** table, const void* guid), which no header declares: the
// one that NVIDIA's nvidia-smi asks for, and our own, by which a simulated driver says that it is one.
//
// What nvidia-smi 580.159.04 uses was recorded at the boundary of the real library (docs/simulated-driver.md); the
// layout of an entry is as NVIDIA's nvml-mock has it, and nvidia-smi reads it so. Any other GUID: NOT_SUPPORTED.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace gpuslice::abi {

using ExportTableGuid = std::array<unsigned char, 16>;

// 6c3efec4-8fc9-4e6c-a327-ee696e12f7c4, as it lies in memory.
inline constexpr ExportTableGuid nvidia_smi_guid = {0xc4, 0xfe, 0x3e, 0x6c, 0xc9, 0x8f, 0x6c, 0x4e,
                                                    0xa3, 0x27, 0xee, 0x69, 0x6e, 0x12, 0xf7, 0xc4};

// Word 0 of the table is its size in bytes; a slot is the function pointer at byte 8 * slot.
inline constexpr std::size_t private_table_bytes = 0x870;
inline constexpr std::size_t private_table_words = private_table_bytes / 8;
static_assert(private_table_words == 270);

namespace slot {
inline constexpr std::size_t path_level =
    23;                                     // behind `topo`: f(char* bus id, char* bus id, u32* level), 0 PIX to 4 SYS
inline constexpr std::size_t ignored = 26;  // takes pointers; its answer changes nothing that is printed
inline constexpr std::size_t address_by_index = 81;     // f(u32 index, char* text, u32 size): "0000:00:06.0"
inline constexpr std::size_t set_compute_policy = 192;  // behind `--set-timeslice`: f(device, policy)
inline constexpr std::size_t compute_policies = 193;    // behind `compute-policy -l`: f(device, list of policies)
inline constexpr std::size_t compute_processes = 213;   // f(device or MIG device, u32* room/count, entries): type C
inline constexpr std::size_t mps_processes = 214;       // likewise: adds M to a pid that 213 names
inline constexpr std::size_t graphics_processes = 215;  // likewise: type G
inline constexpr std::size_t processor_memories =
    223;  // behind `topo -C`: f(device, u32 words, unsigned long* set, u32 scope), as nvmlDeviceGetMemoryAffinity
inline constexpr std::size_t host_pcie_generation = 230;   // f(device, u32* out): the "Host Max" of -q
inline constexpr std::size_t gpu_part_number = 231;        // f(device, char* text, u32 size)
inline constexpr std::size_t deferred_memory_clock = 232;  // f(device, u32* out)
inline constexpr std::size_t fru_part_number = 237;        // f(device, char* text, u32 size)
inline constexpr std::size_t sparse_operation_mode = 249;  // f(device, u32* out)
inline constexpr std::size_t set_persistence_mode = 251;   // behind `-pm`: f(device, mode)
}  // namespace slot
static_assert(slot::set_persistence_mode < private_table_words);

// What the process slots write. A row without a name is not printed.
struct PrivateProcessEntry {
  std::uint32_t pid;
  std::uint64_t usedGpuMemory;  // bytes; all ones: not known
  std::uint32_t gpuInstanceId;
  std::uint32_t computeInstanceId;
  std::uint64_t usedGpuCcProtectedMemory;
  char name[4096];  // NUL-terminated
};
static_assert(sizeof(PrivateProcessEntry) == 4128);
static_assert(offsetof(PrivateProcessEntry, pid) == 0 && offsetof(PrivateProcessEntry, usedGpuMemory) == 8 &&
              offsetof(PrivateProcessEntry, gpuInstanceId) == 16 &&
              offsetof(PrivateProcessEntry, computeInstanceId) == 20 &&
              offsetof(PrivateProcessEntry, usedGpuCcProtectedMemory) == 24 &&
              offsetof(PrivateProcessEntry, name) == 32);

// What the slots of compute policies read and write (recorded). The time slice is the one type there is.
struct PrivateComputePolicy {
  std::uint32_t type;   // 0: time slice
  std::uint32_t value;  // 0 default, 1 short, 2 medium, 3 long
};
static_assert(sizeof(PrivateComputePolicy) == 8);
struct PrivateComputePolicies {
  std::uint32_t count;
  PrivateComputePolicy policies[1];  // as many as there are types
};
static_assert(sizeof(PrivateComputePolicies) == 12 && offsetof(PrivateComputePolicies, policies) == 4);

// The simulation's own GUID. SUCCESS means that the library reaches no real card.
struct SimulatedTable {
  const char* directory;           // of the node
  int (*reset)(unsigned int gpu);  // what `nvidia-smi --gpu-reset` does past NVML; answers an NVML return code
  // What `nvidia-smi compute-policy` shows and sets past NVML.
  int (*time_slice)(unsigned int gpu, unsigned int* policy);
  int (*set_time_slice)(unsigned int gpu, unsigned int policy);
};
// Its last byte counts up when the table changes: a library of another version is none of ours.
inline constexpr ExportTableGuid simulated_guid = {'g', 'p', 'u', 's', 'l', 'i', 'c', 'e',
                                                   '-', 's', 'i', 'm', 'u', 'l', 'a', 2};

}  // namespace gpuslice::abi
