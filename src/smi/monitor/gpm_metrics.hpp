// The performance metrics (GPM) that dmon can show: their numbers, column names and units.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::smi {

// Parses a comma-separated list of numbers (NVML_GPM_METRIC_*). On failure it returns nvidia-smi's message, without a
// line end.
[[nodiscard]] std::expected<std::vector<std::uint32_t>, std::string> parse_gpm_metrics(const std::string& list);

struct GpmMetric {
  std::string name, unit;  // the two lines of the column's heading
  int width{};             // of the column
};
// The names come from the driver; a metric without a name gets its number (recorded with a library without names).
[[nodiscard]] std::vector<GpmMetric> named_gpm_metrics(node::Node& node, const std::vector<std::uint32_t>& ids);

}  // namespace gpuslice::smi
