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

}  // namespace

Answer<std::unique_ptr<PerformanceSample>> performance_sample(Calls& calls, GpuIndex gpu, std::optional<mig::GiId> gi) {
  abi::nvmlGpmSample_t room{};
  if (const int code = calls.library().call("nvmlGpmSampleAlloc", &room); code != abi::NVML_SUCCESS)
    return calls.refusal(code);
  auto sample = std::make_unique<Sample>(calls, room);
  const auto done =
      gi ? calls.on(gpu, "nvmlGpmMigSampleGet", gi->value, room) : calls.on(gpu, "nvmlGpmSampleGet", room);
  if (!done) return std::unexpected(done.error());
  return sample;
}

std::vector<Answer<double>> performance(Calls& calls, const PerformanceSample& from, const PerformanceSample& to,
                                        std::span<const std::uint32_t> metrics) {
  const auto* first = dynamic_cast<const Sample*>(&from);
  const auto* second = dynamic_cast<const Sample*>(&to);
  // On the heap: with its room for every metric there is, the layout has 8 KiB.
  const auto ask = std::make_unique<abi::nvmlGpmMetricsGet_t>();
  const auto count = std::min(metrics.size(), std::size(ask->metrics));
  if (first == nullptr || second == nullptr || count < metrics.size())
    return std::vector<Answer<double>>(metrics.size(), calls.refusal(abi::NVML_ERROR_INVALID_ARGUMENT));
  ask->version = metrics_version;
  ask->numMetrics = static_cast<std::uint32_t>(count);
  ask->sample1 = first->get();
  ask->sample2 = second->get();
  for (std::size_t i = 0; i < count; ++i) ask->metrics[i].metricId = metrics[i];
  if (const int code = calls.library().call("nvmlGpmMetricsGet", ask.get()); code != abi::NVML_SUCCESS)
    return std::vector<Answer<double>>(metrics.size(), calls.refusal(code));
  std::vector<Answer<double>> values;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& metric = ask->metrics[i];
    if (metric.nvmlReturn == abi::NVML_SUCCESS)
      values.emplace_back(metric.value);
    else
      values.emplace_back(calls.refusal(static_cast<int>(metric.nvmlReturn)));
  }
  return values;
}

Answer<bool> performance_streaming(Calls& calls, GpuIndex gpu) {
  return calls.flag(gpu, "nvmlGpmQueryIfStreamingEnabled");
}

}  // namespace gpuslice::nvml
