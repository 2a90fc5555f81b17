#include "nvml/process_utilization.hpp"

#include <algorithm>

#include "abi/nvml_media.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

constexpr unsigned usual_room = 128;
constexpr unsigned most_room = 65536;

// Entries of a list whose call says, when there is no room, how many there are.
template <class Entry, class Ask>
Answer<std::vector<Entry>> grown(Calls& calls, Ask ask) {
  std::vector<Entry> entries(usual_room);
  for (;;) {
    auto count = static_cast<unsigned>(entries.size());
    const int code = ask(&count, entries.data());
    if (code == abi::NVML_SUCCESS) {
      entries.resize(std::min<std::size_t>(count, entries.size()));
      return entries;
    }
    if (code != abi::NVML_ERROR_INSUFFICIENT_SIZE || entries.size() >= most_room) return calls.refusal(code);
    entries.resize(std::min<std::size_t>(most_room, std::max<std::size_t>(count, entries.size()) * 2));
  }
}

// The newest sample of each process, by pid.
std::vector<ProcessUse> newest(std::vector<ProcessUse> samples, std::uint64_t since) {
  std::erase_if(samples, [since](const ProcessUse& use) { return use.time <= since && since != 0; });
  std::ranges::stable_sort(samples, [](const ProcessUse& a, const ProcessUse& b) {
    return a.pid != b.pid ? a.pid < b.pid : a.time > b.time;
  });
  const auto repeated = std::ranges::unique(samples, {}, &ProcessUse::pid);
  samples.erase(repeated.begin(), repeated.end());
  return samples;
}

}  // namespace

Answer<std::vector<ProcessUse>> process_use(Calls& calls, GpuIndex gpu, std::uint64_t since) {
  const auto device = calls.handle({gpu, {}});
  if (!device) return std::unexpected(device.error());
  std::vector<ProcessUse> samples;
  const auto entries = grown<abi::nvmlProcessUtilizationInfo_v1_t>(calls, [&](unsigned* count, auto* room) {
    abi::nvmlProcessesUtilizationInfo_v1_t list{abi::nvmlProcessesUtilizationInfo_v1, *count, since, room};
    const int code = calls.library().call("nvmlDeviceGetProcessesUtilizationInfo", *device, &list);
    *count = list.processSamplesCount;
    return code;
  });
  if (entries) {
    for (const auto& e : *entries)
      samples.push_back({e.pid, e.timeStamp, e.smUtil, e.memUtil, e.encUtil, e.decUtil, e.jpgUtil, e.ofaUtil});
    return newest(std::move(samples), since);
  }
  if (entries.error().code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) return std::unexpected(entries.error());
  // A driver before R550 knows neither JPEG nor OFA.
  const auto older = grown<abi::nvmlProcessUtilizationSample_t>(calls, [&](unsigned* count, auto* room) {
    return calls.library().call("nvmlDeviceGetProcessUtilization", *device, room, count,
                                static_cast<unsigned long long>(since));
  });
  if (!older) return std::unexpected(older.error());
  for (const auto& e : *older) samples.push_back({e.pid, e.timeStamp, e.smUtil, e.memUtil, e.encUtil, e.decUtil, 0, 0});
  return newest(std::move(samples), since);
}

Answer<std::vector<EncoderSession>> encoder_sessions(Calls& calls, GpuIndex gpu) {
  const auto device = calls.handle({gpu, {}});
  if (!device) return std::unexpected(device.error());
  const auto entries = grown<abi::nvmlEncoderSession_t>(calls, [&](unsigned* count, auto* room) {
    return calls.library().call("nvmlDeviceGetEncoderSessions", *device, count, room);
  });
  if (!entries) return std::unexpected(entries.error());
  std::vector<EncoderSession> sessions;
  for (const auto& e : *entries)
    sessions.push_back({e.sessionId, e.pid, e.codecType, e.hResolution, e.vResolution, e.averageFps, e.encodeLatency});
  return sessions;
}

Answer<std::vector<CaptureSession>> capture_sessions(Calls& calls, GpuIndex gpu) {
  const auto device = calls.handle({gpu, {}});
  if (!device) return std::unexpected(device.error());
  const auto entries = grown<abi::nvmlFBCSession_t>(calls, [&](unsigned* count, auto* room) {
    return calls.library().call("nvmlDeviceGetFBCSessions", *device, count, room);
  });
  if (!entries) return std::unexpected(entries.error());
  std::vector<CaptureSession> sessions;
  for (const auto& e : *entries)
    sessions.push_back({e.sessionId, e.pid, e.displayOrdinal, e.sessionType, e.sessionFlags, e.hMaxResolution,
                        e.vMaxResolution, e.hResolution, e.vResolution, e.averageFPS, e.averageLatency});
  return sessions;
}

}  // namespace gpuslice::nvml
