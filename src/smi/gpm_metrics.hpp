// The performance metrics (GPM) that dmon can show: their numbers, the names of their columns and their units.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace gpuslice::smi {

struct GpmMetric {
  std::uint32_t id{};  // NVML_GPM_METRIC_*
  std::string name, unit;
};

// The metrics of a comma separated list of numbers, or nvidia-smi's message, without a line end.
[[nodiscard]] std::expected<std::vector<GpmMetric>, std::string> parse_gpm_metrics(const std::string& list);

}  // namespace gpuslice::smi
