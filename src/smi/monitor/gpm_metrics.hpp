// The performance metrics (GPM) that dmon can show: their numbers, the names of their columns and their units.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::smi {

// The metrics of a comma separated list of numbers (NVML_GPM_METRIC_*), or nvidia-smi's message, without a line end.
[[nodiscard]] std::expected<std::vector<std::uint32_t>, std::string> parse_gpm_metrics(const std::string& list);

struct GpmMetric {
  std::string name, unit;  // as heads of a column
  int width{};             // of the column
};
// As the driver names them; by their numbers where it does not (recorded over a library without names).
[[nodiscard]] std::vector<GpmMetric> named_gpm_metrics(node::Node& node, const std::vector<std::uint32_t>& ids);

}  // namespace gpuslice::smi
