// Processes that use a GPU, and how much of it they use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/answer.hpp"

namespace gpuslice::node {

enum class ProcessKind : std::uint8_t { compute = 1, graphics = 2, mps = 4 };
struct Process {
  std::uint32_t pid{};
  unsigned kinds{};  // bitwise OR of ProcessKind
  std::string name;
  std::optional<std::uint64_t> memory;  // in bytes; absent if the driver does not know it
  std::optional<std::uint32_t> gi, ci;
};
// A process's use of the GPU, in percent, in the sampling period that ended at `time` (microseconds since 1970).
struct ProcessUse {
  std::uint32_t pid{};
  std::uint64_t time{};
  std::uint32_t sm{}, memory{}, encoder{}, decoder{}, jpeg{}, ofa{};
};
struct AccountedProcess {
  std::uint32_t pid{};
  std::optional<std::uint32_t> gpu_percent, memory_percent;
  std::optional<std::uint64_t> most_memory;  // bytes
  std::uint64_t milliseconds{};              // 0 while the process runs
  bool running{};
};

// No call of this facet changes a process.
class Processes : public Facet {
 public:
  virtual Answer<std::vector<Process>> of(Subject) { return absent(); }
  // For monitoring: the newest sample of each process that ended after `since`, or NOT_FOUND if there is none.
  virtual Answer<std::vector<ProcessUse>> process_use(GpuIndex, std::uint64_t /*since*/) { return absent(); }
  virtual Answer<std::vector<AccountedProcess>> accounted_processes(GpuIndex) { return absent(); }
};

}  // namespace gpuslice::node
