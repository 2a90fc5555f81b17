#include "smi/monitor/gpm_metrics.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "smi/gpu_select.hpp"

namespace gpuslice::smi {
namespace {

// Widths including leading blanks. Columns for the elapsed cycles of context switches on engine 0, 1, 2, ... are wider.
constexpr int usual_width = 11, width_of_cycles = 17;
int width_of(std::uint32_t metric) {
  constexpr std::uint32_t first = 170, per_engine = 5;
  return metric >= first && (metric - first) % per_engine == 0 ? width_of_cycles : usual_width;
}
constexpr std::uint32_t last_metric = 209;  // nvidia-smi accepts every number up to this one

}  // namespace

std::expected<std::vector<std::uint32_t>, std::string> parse_gpm_metrics(const std::string& list) {
  std::vector<std::uint32_t> metrics;
  for (const auto& word : split_list(list)) {
    const auto strange = word.find_first_not_of("0123456789");
    if (strange != std::string::npos)
      return std::unexpected(fmt::format("Found offending character: {}", word[strange]));
    const auto number = std::strtoul(word.c_str(), nullptr, 10);
    if (number > last_metric) return std::unexpected(fmt::format("Metric value too high: {}", word));
    metrics.push_back(static_cast<std::uint32_t>(number));
  }
  return metrics;
}

std::vector<GpmMetric> named_gpm_metrics(node::Node& node, const std::vector<std::uint32_t>& ids) {
  std::vector<node::MetricName> names;
  if (!ids.empty())
    if (auto told = node.monitoring().metric_names(ids)) names = *std::move(told);
  std::vector<GpmMetric> metrics;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto name = i < names.size() ? std::move(names[i]) : node::MetricName{};
    metrics.push_back({name.name.empty() ? fmt::format("id={}", ids[i]) : name.name,
                       name.unit.empty() ? "GPM" : "GPM:" + name.unit, width_of(ids[i])});
  }
  return metrics;
}

}  // namespace gpuslice::smi
