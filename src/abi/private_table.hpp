// The tables returned by nvmlInternalGetExportTable(const void** table, const void* guid), which no header declares:
// the one that NVIDIA's nvidia-smi requests, and our own, by which a simulated driver identifies itself.
//
// The slots that nvidia-smi 580.159.04 uses were found by recording its calls to the real library
// (docs/simulated-driver.md, section "NVIDIA's nvidia-smi on it"). The layout of a process entry is that of NVIDIA's
// nvml-mock, and nvidia-smi reads it the same way. The library returns NOT_SUPPORTED for any other GUID.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace gpuslice::abi {

using ExportTableGuid = std::array<unsigned char, 16>;

// 6c3efec4-8fc9-4e6c-a327-ee696e12f7c4, in the byte order in which it is stored in memory.
inline constexpr ExportTableGuid nvidia_smi_guid = {0xc4, 0xfe, 0x3e, 0x6c, 0xc9, 0x8f, 0x6c, 0x4e,
                                                    0xa3, 0x27, 0xee, 0x69, 0x6e, 0x12, 0xf7, 0xc4};

// The first 8 bytes of the table are its size in bytes; a slot is the function pointer at byte 8 * slot.
inline constexpr std::size_t private_table_bytes = 0x870;
inline constexpr std::size_t private_table_words = private_table_bytes / 8;
static_assert(private_table_words == 270);

namespace slot {
inline constexpr std::size_t path_level = 23;  // for `topo`: f(char* bus id, char* bus id, u32* level), 0 PIX to 4 SYS
inline constexpr std::size_t ignored = 26;     // takes pointers; its result has no effect on the output
inline constexpr std::size_t address_by_index = 81;     // f(u32 index, char* text, u32 size): "0000:00:06.0"
inline constexpr std::size_t set_compute_policy = 192;  // for `compute-policy --set-timeslice`: f(device, policy)
inline constexpr std::size_t compute_policies = 193;    // for `compute-policy -l`: f(device, list of policies)
inline constexpr std::size_t compute_processes = 213;   // f(device or MIG device, u32* capacity/count, entries): type C
inline constexpr std::size_t mps_processes = 214;       // the same arguments; adds M to a pid that slot 213 lists
inline constexpr std::size_t graphics_processes = 215;  // the same arguments; type G
inline constexpr std::size_t processor_memories =
    223;  // for `topo -C`: f(device, u32 words, unsigned long* set, u32 scope), like nvmlDeviceGetMemoryAffinity
inline constexpr std::size_t host_pcie_generation = 230;   // f(device, u32* out): the "Host Max" of -q
inline constexpr std::size_t gpu_part_number = 231;        // f(device, char* text, u32 size)
inline constexpr std::size_t deferred_memory_clock = 232;  // f(device, u32* out)
inline constexpr std::size_t fru_part_number = 237;        // f(device, char* text, u32 size)
inline constexpr std::size_t sparse_operation_mode = 249;  // f(device, u32* out)
inline constexpr std::size_t set_persistence_mode = 251;   // for `-pm`: f(device, mode)
}  // namespace slot
static_assert(slot::set_persistence_mode < private_table_words);

// An entry written by the process slots. nvidia-smi does not print an entry without a name.
struct PrivateProcessEntry {
  std::uint32_t pid;
  std::uint64_t usedGpuMemory;  // bytes; all bits set: unknown
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

// A compute policy in the form in which slots 192 and 193 read and write it
// (src/smi/testing/recorded/compute-policy.txt). The time slice is the only policy type.
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

// The table for the simulation's own GUID. If the library returns SUCCESS, it cannot reach a real GPU.
struct SimulatedTable {
  const char* directory;           // the node's directory
  int (*reset)(unsigned int gpu);  // resets the GPU, for which NVML has no call; returns an NVML code
  // Read and set the time-slice policy, for which NVML has no call (`nvidia-smi compute-policy`).
  int (*time_slice)(unsigned int gpu, unsigned int* policy);
  int (*set_time_slice)(unsigned int gpu, unsigned int policy);
};
// The last byte is incremented when the table changes, so that a library of another version is not mistaken for ours.
inline constexpr ExportTableGuid simulated_guid = {'g', 'p', 'u', 's', 'l', 'i', 'c', 'e',
                                                   '-', 's', 'i', 'm', 'u', 'l', 'a', 2};

}  // namespace gpuslice::abi
