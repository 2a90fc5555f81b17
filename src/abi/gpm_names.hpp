// The names and units that NVML gives its performance metrics (GPM), as the library of driver 580.159 answers them
// (recorded: nvmlGpmMetricsGet of two samples that were not taken, all numbers from 0 to 419).
#pragma once

#include <cstdint>

namespace gpuslice::abi {

struct GpmMetricNames {
  const char *short_name, *long_name, *unit;  // nullptr where NVML has none
};
inline constexpr std::uint32_t last_gpm_metric = 209;

// `id`: NVML_GPM_METRIC_*. A number within the range that is no metric has a unit and no names. The text lasts as long
// as the program.
[[nodiscard]] GpmMetricNames gpm_metric_names(std::uint32_t id);

}  // namespace gpuslice::abi
