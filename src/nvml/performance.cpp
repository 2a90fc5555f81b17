#include "nvml/performance.hpp"

#include <algorithm>

#include "abi/nvml_gpm.hpp"

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

// The question about these metrics. On the heap: with its room for every metric there is, the layout has 8 KiB.
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

}  // namespace

Answer<std::unique_ptr<PerformanceSample>> performance_sample(Calls& calls, GpuIndex gpu, std::optional<mig::GiId> gi) {
  auto sample = room_for_sample(calls);
  if (!sample) return std::unexpected(sample.error());
  const auto room = (*sample)->get();
  const auto done =
      gi ? calls.on(gpu, "nvmlGpmMigSampleGet", gi->value, room) : calls.on(gpu, "nvmlGpmSampleGet", room);
  if (!done) return std::unexpected(done.error());
  return *std::move(sample);
}

std::vector<Answer<double>> performance(Calls& calls, const PerformanceSample& from, const PerformanceSample& to,
                                        std::span<const std::uint32_t> metrics) {
  const auto* first = dynamic_cast<const Sample*>(&from);
  const auto* second = dynamic_cast<const Sample*>(&to);
  const auto refused = [&](const DriverError& error) {
    return std::vector<Answer<double>>(metrics.size(), std::unexpected(error));
  };
  if (first == nullptr || second == nullptr) return refused(calls.refusal(abi::NVML_ERROR_INVALID_ARGUMENT).error());
  const auto asked = ask_of(calls, *first, *second, metrics);
  if (!asked) return refused(asked.error());
  std::vector<Answer<double>> values;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const auto& metric = (*asked)->metrics[i];
    if (metric.nvmlReturn == abi::NVML_SUCCESS)
      values.emplace_back(metric.value);
    else
      values.emplace_back(calls.refusal(static_cast<int>(metric.nvmlReturn)));
  }
  return values;
}

// Samples that were never taken tell the names (recorded).
Answer<std::vector<MetricName>> metric_names(Calls& calls, std::span<const std::uint32_t> metrics) {
  const auto first = room_for_sample(calls), second = room_for_sample(calls);
  if (!first || !second) return std::unexpected(first ? second.error() : first.error());
  const auto asked = ask_of(calls, **first, **second, metrics);
  if (!asked) return std::unexpected(asked.error());
  const auto words = [](const char* text) { return std::string(text != nullptr ? text : ""); };
  std::vector<MetricName> names;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const auto& info = (*asked)->metrics[i].metricInfo;
    names.push_back({words(info.shortName), words(info.unit)});
  }
  return names;
}

Answer<bool> performance_streaming(Calls& calls, GpuIndex gpu) {
  return calls.flag(gpu, "nvmlGpmQueryIfStreamingEnabled");
}

}  // namespace gpuslice::nvml
