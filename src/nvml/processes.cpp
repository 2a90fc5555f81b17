#include "nvml/processes.hpp"

#include <algorithm>
#include <tuple>

namespace gpuslice::nvml {
namespace {

using namespace node;

// _v2 and _v3 share signature and entry. What came before knows no instances, and no MIG.
struct Lists {
  ProcessKind kind;
  Symbol newest, older;
};
constexpr std::array<Lists, 3> all_lists = {{
    {ProcessKind::compute, "nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2"},
    {ProcessKind::graphics, "nvmlDeviceGetGraphicsRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses_v2"},
    {ProcessKind::mps, "nvmlDeviceGetMPSComputeRunningProcesses_v3", "nvmlDeviceGetMPSComputeRunningProcesses_v2"},
}};
constexpr std::size_t usual_room = 64;
constexpr std::size_t most_room = 65536;

Answer<std::vector<abi::nvmlProcessInfo_v2_t>> one_list(Calls& calls, abi::nvmlDevice_t device, const Lists& lists) {
  std::vector<abi::nvmlProcessInfo_v2_t> entries(usual_room);
  for (;;) {
    auto count = static_cast<unsigned>(entries.size());
    const int code = calls.library().call_any({lists.newest, lists.older}, device, &count, entries.data());
    if (code == abi::NVML_SUCCESS) {
      entries.resize(std::min<std::size_t>(count, entries.size()));
      return entries;
    }
    if (code != abi::NVML_ERROR_INSUFFICIENT_SIZE || entries.size() >= most_room) return calls.refusal(code);
    // More may come while we ask: grow past what was needed.
    entries.resize(std::min(most_room, std::max<std::size_t>(count, entries.size()) * 2));
  }
}

std::string name_of(Calls& calls, unsigned pid) {
  std::array<char, 4096> text{};
  const int code =
      calls.library().call("nvmlSystemGetProcessName", pid, text.data(), static_cast<unsigned>(text.size()));
  return code == abi::NVML_SUCCESS ? Calls::bounded(text) : std::string{};
}

Process process_of(Calls& calls, const abi::nvmlProcessInfo_v2_t& entry) {
  Process process;
  process.pid = entry.pid;
  process.name = name_of(calls, entry.pid);
  if (entry.usedGpuMemory != abi::NVML_VALUE_NOT_AVAILABLE) process.memory = entry.usedGpuMemory;
  if (entry.gpuInstanceId != abi::NVML_NO_INSTANCE_ID) process.gi = entry.gpuInstanceId;
  if (entry.computeInstanceId != abi::NVML_NO_INSTANCE_ID) process.ci = entry.computeInstanceId;
  return process;
}

constexpr unsigned bit(ProcessKind kind) { return static_cast<unsigned>(kind); }

}  // namespace

Answer<std::vector<Process>> processes(Calls& calls, Subject subject) {
  const auto device = calls.handle(subject);
  if (!device) return std::unexpected(device.error());
  std::map<std::tuple<unsigned, unsigned, unsigned>, Process> found;
  for (const auto& lists : all_lists) {
    const auto entries = one_list(calls, *device, lists);
    if (!entries) {
      if (lists.kind == ProcessKind::compute) return std::unexpected(entries.error());
      continue;
    }
    for (const auto& entry : *entries) {
      const std::tuple key{entry.pid, entry.gpuInstanceId, entry.computeInstanceId};
      auto known = found.find(key);
      if (lists.kind == ProcessKind::mps) {
        if (known != found.end() && (known->second.kinds & bit(ProcessKind::compute)) != 0)
          known->second.kinds |= bit(ProcessKind::mps);
        continue;
      }
      if (known == found.end()) known = found.emplace(key, process_of(calls, entry)).first;
      known->second.kinds |= bit(lists.kind);
    }
  }
  std::vector<Process> all;
  all.reserve(found.size());
  for (auto& [key, process] : found) all.push_back(std::move(process));
  return all;
}

}  // namespace gpuslice::nvml
