#include <algorithm>
#include <cstdio>

#include "abi/nvml_conf_compute.hpp"
#include "abi/nvml_gpm.hpp"
#include "abi/nvml_media.hpp"
#include "nvml/facets.hpp"
#include "nvml/grown.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

constexpr unsigned metrics_version = 1;  // NVML_GPM_METRICS_GET_VERSION

class Sample final : public PerformanceSample {
 public:
  Sample(Calls& calls, abi::nvmlGpmSample_t sample) : calls_(calls), sample_(sample) {}
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;
  ~Sample() override { static_cast<void>(calls_.library().call("nvmlGpmSampleFree", sample_)); }
  [[nodiscard]] abi::nvmlGpmSample_t get() const { return sample_; }

 private:
  Calls& calls_;
  abi::nvmlGpmSample_t sample_;
};

Answer<std::unique_ptr<Sample>> room_for_sample(Calls& calls) {
  abi::nvmlGpmSample_t room{};
  if (const int code = calls.library().call("nvmlGpmSampleAlloc", &room); code != abi::NVML_SUCCESS)
    return calls.refusal(code);
  return std::make_unique<Sample>(calls, room);
}

// Prepares a request for these metrics. It is allocated on the heap, because the struct has 8 KiB for all metrics.
Answer<std::unique_ptr<abi::nvmlGpmMetricsGet_t>> ask_of(Calls& calls, const Sample& from, const Sample& to,
                                                         std::span<const std::uint32_t> metrics) {
  auto ask = std::make_unique<abi::nvmlGpmMetricsGet_t>();
  if (metrics.size() > std::size(ask->metrics)) return calls.refusal(abi::NVML_ERROR_INVALID_ARGUMENT);
  ask->version = metrics_version;
  ask->numMetrics = static_cast<std::uint32_t>(metrics.size());
  ask->sample1 = from.get();
  ask->sample2 = to.get();
  for (std::size_t i = 0; i < metrics.size(); ++i) ask->metrics[i].metricId = metrics[i];
  if (const int code = calls.library().call("nvmlGpmMetricsGet", ask.get()); code != abi::NVML_SUCCESS)
    return calls.refusal(code);
  return ask;
}

class MonitoringCalls final : public node::Monitoring {
 public:
  explicit MonitoringCalls(Calls& calls) : calls_(calls) {}

  Answer<std::vector<EncoderSession>> encoder_sessions(GpuIndex gpu) override {
    const auto entries = grown<abi::nvmlEncoderSession_t>(
        128, [&](unsigned* count, auto* room) { return calls_.on(gpu, "nvmlDeviceGetEncoderSessions", count, room); });
    if (!entries) return std::unexpected(entries.error());
    std::vector<EncoderSession> sessions;
    for (const auto& e : *entries)
      sessions.push_back(
          {e.sessionId, e.pid, e.codecType, e.hResolution, e.vResolution, e.averageFps, e.encodeLatency});
    return sessions;
  }
  Answer<std::vector<CaptureSession>> capture_sessions(GpuIndex gpu) override {
    const auto entries = grown<abi::nvmlFBCSession_t>(
        128, [&](unsigned* count, auto* room) { return calls_.on(gpu, "nvmlDeviceGetFBCSessions", count, room); });
    if (!entries) return std::unexpected(entries.error());
    std::vector<CaptureSession> sessions;
    for (const auto& e : *entries)
      sessions.push_back({e.sessionId, e.pid, e.displayOrdinal, e.sessionType, e.sessionFlags, e.hMaxResolution,
                          e.vMaxResolution, e.hResolution, e.vResolution, e.averageFPS, e.averageLatency});
    return sessions;
  }
  Answer<std::unique_ptr<PerformanceSample>> performance_sample(GpuIndex gpu, std::optional<mig::GiId> gi) override {
    auto sample = room_for_sample(calls_);
    if (!sample) return std::unexpected(sample.error());
    const auto room = (*sample)->get();
    const auto done =
        gi ? calls_.on(gpu, "nvmlGpmMigSampleGet", gi->value, room) : calls_.on(gpu, "nvmlGpmSampleGet", room);
    if (!done) return std::unexpected(done.error());
    return *std::move(sample);
  }
  std::vector<Answer<double>> performance(const PerformanceSample& from, const PerformanceSample& to,
                                          std::span<const std::uint32_t> metrics) override {
    const auto* first = dynamic_cast<const Sample*>(&from);
    const auto* second = dynamic_cast<const Sample*>(&to);
    const auto refused = [&](const DriverError& error) {
      return std::vector<Answer<double>>(metrics.size(), std::unexpected(error));
    };
    if (first == nullptr || second == nullptr) return refused(calls_.refusal(abi::NVML_ERROR_INVALID_ARGUMENT).error());
    const auto asked = ask_of(calls_, *first, *second, metrics);
    if (!asked) return refused(asked.error());
    std::vector<Answer<double>> values;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      const auto& metric = (*asked)->metrics[i];
      if (metric.nvmlReturn == abi::NVML_SUCCESS)
        values.emplace_back(metric.value);
      else
        values.emplace_back(calls_.refusal(static_cast<int>(metric.nvmlReturn)));
    }
    return values;
  }
  // NVML returns the names even for empty samples (src/abi/testing/gpm_names.txt, recorded from driver 580.159).
  Answer<std::vector<MetricName>> metric_names(std::span<const std::uint32_t> metrics) override {
    const auto first = room_for_sample(calls_), second = room_for_sample(calls_);
    if (!first || !second) return std::unexpected(first ? second.error() : first.error());
    const auto asked = ask_of(calls_, **first, **second, metrics);
    if (!asked) return std::unexpected(asked.error());
    const auto words = [](const char* text) { return std::string(text != nullptr ? text : ""); };
    std::vector<MetricName> names;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      const auto& info = (*asked)->metrics[i].metricInfo;
      names.push_back({words(info.shortName), words(info.unit)});
    }
    return names;
  }
  Answer<bool> performance_streaming(GpuIndex gpu) override {
    return calls_.flag(gpu, "nvmlGpmQueryIfStreamingEnabled");
  }
  Answer<ConfidentialCompute> confidential_compute() override {
    auto& library = calls_.library();
    abi::nvmlConfComputeSystemState_t state{};
    if (const int code = library.call("nvmlSystemGetConfComputeState", &state); code != abi::NVML_SUCCESS)
      return calls_.refusal(code);
    ConfidentialCompute all{state.environment, state.ccFeature != 0, state.devToolsMode != 0, 0, false, false};
    abi::nvmlConfComputeSystemCaps_t can{};
    if (library.call("nvmlSystemGetConfComputeCapabilities", &can) == abi::NVML_SUCCESS) {
      all.cpu = can.cpuCaps;
      all.gpus = can.gpusCaps != 0;
    }
    unsigned ready = 0;
    if (library.call("nvmlSystemGetConfComputeGpusReadyState", &ready) == abi::NVML_SUCCESS) all.ready = ready != 0;
    return all;
  }
  Answer<ConfidentialMemory> confidential_memory(GpuIndex gpu) override {
    abi::nvmlConfComputeMemSizeInfo_t sizes{};
    if (const auto done = calls_.on(gpu, "nvmlDeviceGetConfComputeMemSizeInfo", &sizes); !done)
      return std::unexpected(done.error());
    return ConfidentialMemory{sizes.protectedMemSizeKib, sizes.unprotectedMemSizeKib};
  }
  Answer<bool> draining(const std::string& bus_id) override {
    abi::nvmlPciInfo_t pci{};
    unsigned function = 0;
    if (std::sscanf(bus_id.c_str(), "%x:%x:%x.%x", &pci.domain, &pci.bus, &pci.device, &function) != 4)
      return calls_.refusal(abi::NVML_ERROR_INVALID_ARGUMENT);
    std::snprintf(pci.busId, sizeof pci.busId, "%08X:%02X:%02X.%X", pci.domain, pci.bus, pci.device, function);
    std::snprintf(pci.busIdLegacy, sizeof pci.busIdLegacy, "%04X:%02X:%02X.%X", pci.domain & 0xFFFFU, pci.bus & 0xFFU,
                  pci.device & 0x1FU, function & 7U);
    unsigned state = 0;
    if (const int code = calls_.library().call("nvmlDeviceQueryDrainState", &pci, &state); code != abi::NVML_SUCCESS)
      return calls_.refusal(code);
    return state != 0;
  }

 private:
  Calls& calls_;
};

}  // namespace

std::unique_ptr<node::Monitoring> monitoring_of(Calls& calls) { return std::make_unique<MonitoringCalls>(calls); }

}  // namespace gpuslice::nvml
