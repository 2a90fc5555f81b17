#include "smi/view/samples.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gpuslice::smi {

using fields::List;
using node::SampleKind;

std::optional<SampleList> sample_list(List list) {
  switch (list) {
    case List::power_samples:
      return SampleList{SampleKind::power, "W", true};
    case List::gpu_samples:
      return SampleList{SampleKind::gpu, "%", false};
    case List::memory_samples:
      return SampleList{SampleKind::memory, "%", false};
    case List::encoder_samples:
      return SampleList{SampleKind::encoder, "%", false};
    case List::decoder_samples:
      return SampleList{SampleKind::decoder, "%", false};
    case List::jpeg_samples:
      return SampleList{SampleKind::jpeg, "%", false};
    case List::ofa_samples:
      return SampleList{SampleKind::ofa, "%", false};
    case List::sm_clock_samples:
      return SampleList{SampleKind::sm_clock, "MHz", false};
    case List::memory_clock_samples:
      return SampleList{SampleKind::memory_clock, "MHz", false};
    default:
      return std::nullopt;
  }
}

SampleSummary summed_up(const std::vector<node::Sample>& samples, bool milli) {
  if (samples.empty()) return {"0.00", "0", "0", "0", "0"};
  std::uint64_t sum = 0;
  std::uint32_t most = 0, least = samples.front().value;
  for (const auto& sample : samples) {
    sum += sample.value;
    most = std::max(most, sample.value);
    least = std::min(least, sample.value);
  }
  const auto shown = [milli](std::uint64_t value, std::uint64_t parts) {
    if (!milli) return std::to_string(value / parts);
    return fmt::format("{:.2f}", static_cast<double>(value) / static_cast<double>(parts) / 1000);
  };
  const auto duration = samples.back().microseconds - samples.front().microseconds;
  return {fmt::format("{:.2f}", static_cast<double>(duration) / 1'000'000), std::to_string(samples.size()),
          shown(most, 1), shown(least, 1), shown(sum, samples.size())};
}

}  // namespace gpuslice::smi
