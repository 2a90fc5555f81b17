// The names and units that NVML gives its performance metrics (GPM), recorded from the library of driver 580.159
// (src/abi/testing/gpm_names.txt: nvmlGpmMetricsGet on two empty samples, for all numbers from 0 to 419).
#pragma once

#include <cstdint>

namespace gpuslice::abi {

struct GpmMetricNames {
  const char *short_name, *long_name, *unit;  // nullptr if NVML has none
};
inline constexpr std::uint32_t last_gpm_metric = 209;

// `id` is an NVML_GPM_METRIC_*. An unused number within the range has a unit but no names. The strings are valid until
// the program ends.
[[nodiscard]] GpmMetricNames gpm_metric_names(std::uint32_t id);

}  // namespace gpuslice::abi
