#include <algorithm>
#include <tuple>

#include "abi/nvml_processes.hpp"
#include "nvml/facets.hpp"
#include "nvml/grown.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

// _v2 and _v3 have the same signature and entry layout. The functions without a version are not used: their entries
// contain no instances, and a driver that has only these does not support MIG.
struct Lists {
  ProcessKind kind;
  Symbol newest, older;
};
constexpr std::array<Lists, 3> all_lists = {{
    {ProcessKind::compute, "nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2"},
    {ProcessKind::graphics, "nvmlDeviceGetGraphicsRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses_v2"},
    {ProcessKind::mps, "nvmlDeviceGetMPSComputeRunningProcesses_v3", "nvmlDeviceGetMPSComputeRunningProcesses_v2"},
}};

Answer<std::vector<abi::nvmlProcessInfo_v2_t>> one_list(Calls& calls, abi::nvmlDevice_t device, const Lists& lists) {
  return grown<abi::nvmlProcessInfo_v2_t>(64, [&](unsigned* count, auto* entries) -> Answer<void> {
    const int code = calls.library().call_any({lists.newest, lists.older}, device, count, entries);
    if (code != abi::NVML_SUCCESS) return calls.refusal(code);
    return {};
  });
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

// Returns the newest sample of each process, by pid.
std::vector<ProcessUse> newest(std::vector<ProcessUse> samples, std::uint64_t since) {
  std::erase_if(samples, [since](const ProcessUse& use) { return use.time <= since && since != 0; });
  std::ranges::stable_sort(samples, [](const ProcessUse& a, const ProcessUse& b) {
    return a.pid != b.pid ? a.pid < b.pid : a.time > b.time;
  });
  const auto repeated = std::ranges::unique(samples, {}, &ProcessUse::pid);
  samples.erase(repeated.begin(), repeated.end());
  return samples;
}

constexpr unsigned bit(ProcessKind kind) { return static_cast<unsigned>(kind); }

class ProcessCalls final : public node::Processes {
 public:
  explicit ProcessCalls(Calls& calls) : calls_(calls) {}

  // Sorted by pid, then by instance; a process on several instances of a GPU has one entry for each. The compute list
  // is required; if the driver lacks one of the other lists, there are no processes of that kind. As in nvidia-smi 580,
  // a pid in the MPS list counts only if the compute list contains it, too.
  Answer<std::vector<Process>> of(Subject subject) override {
    const auto device = calls_.handle(subject);
    if (!device) return std::unexpected(device.error());
    std::map<std::tuple<unsigned, unsigned, unsigned>, Process> found;
    for (const auto& lists : all_lists) {
      const auto entries = one_list(calls_, *device, lists);
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
        if (known == found.end()) known = found.emplace(key, process_of(calls_, entry)).first;
        known->second.kinds |= bit(lists.kind);
      }
    }
    std::vector<Process> all;
    all.reserve(found.size());
    for (auto& [key, process] : found) all.push_back(std::move(process));
    return all;
  }
  Answer<std::vector<ProcessUse>> process_use(GpuIndex gpu, std::uint64_t since) override {
    std::vector<ProcessUse> samples;
    const auto entries = grown<abi::nvmlProcessUtilizationInfo_v1_t>(128, [&](unsigned* count, auto* room) {
      abi::nvmlProcessesUtilizationInfo_v1_t list{abi::nvmlProcessesUtilizationInfo_v1, *count, since, room};
      const auto done = calls_.on(gpu, "nvmlDeviceGetProcessesUtilizationInfo", &list);
      *count = list.processSamplesCount;
      return done;
    });
    if (entries) {
      for (const auto& e : *entries)
        samples.push_back({e.pid, e.timeStamp, e.smUtil, e.memUtil, e.encUtil, e.decUtil, e.jpgUtil, e.ofaUtil});
      return newest(std::move(samples), since);
    }
    if (entries.error().code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) return std::unexpected(entries.error());
    // A driver before R550 reports neither JPEG nor OFA utilization.
    const auto older = grown<abi::nvmlProcessUtilizationSample_t>(128, [&](unsigned* count, auto* room) {
      return calls_.on(gpu, "nvmlDeviceGetProcessUtilization", room, count, static_cast<unsigned long long>(since));
    });
    if (!older) return std::unexpected(older.error());
    for (const auto& e : *older)
      samples.push_back({e.pid, e.timeStamp, e.smUtil, e.memUtil, e.encUtil, e.decUtil, 0, 0});
    return newest(std::move(samples), since);
  }
  Answer<std::vector<AccountedProcess>> accounted_processes(GpuIndex gpu) override {
    const auto pids = grown<unsigned>(4096, [&](unsigned* count, unsigned* entries) {
      return calls_.on(gpu, "nvmlDeviceGetAccountingPids", count, entries);
    });
    if (!pids && pids.error().code == abi::NVML_ERROR_FUNCTION_NOT_FOUND)
      return calls_.refusal(abi::NVML_ERROR_NOT_SUPPORTED);
    if (!pids) return std::unexpected(pids.error());
    std::vector<AccountedProcess> all;
    for (const auto pid : *pids) {
      abi::nvmlAccountingStats_t stats{};
      if (!calls_.on(gpu, "nvmlDeviceGetAccountingStats", pid, &stats))
        continue;  // removed from the list in the
                   // meantime
      AccountedProcess process;
      process.pid = pid;
      constexpr unsigned not_known = 0xFFFFFFFF;
      if (stats.gpuUtilization != not_known) process.gpu_percent = stats.gpuUtilization;
      if (stats.memoryUtilization != not_known) process.memory_percent = stats.memoryUtilization;
      if (stats.maxMemoryUsage != abi::NVML_VALUE_NOT_AVAILABLE) process.most_memory = stats.maxMemoryUsage;
      process.milliseconds = stats.time;
      process.running = stats.isRunning != 0;
      all.push_back(process);
    }
    return all;
  }

 private:
  Calls& calls_;
};

}  // namespace

std::unique_ptr<node::Processes> processes_of(Calls& calls) { return std::make_unique<ProcessCalls>(calls); }

}  // namespace gpuslice::nvml
