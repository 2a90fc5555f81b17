// A GPU's performance counters (GPM) through NVML. The functions of node::Node of the same names, whose contract they
// keep.
#pragma once

#include <memory>
#include <vector>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

[[nodiscard]] node::Answer<std::unique_ptr<node::PerformanceSample>> performance_sample(Calls& calls, GpuIndex gpu,
                                                                                        std::optional<mig::GiId> gi);
[[nodiscard]] std::vector<node::Answer<double>> performance(Calls& calls, const node::PerformanceSample& from,
                                                            const node::PerformanceSample& to,
                                                            std::span<const std::uint32_t> metrics);
[[nodiscard]] node::Answer<std::vector<node::MetricName>> metric_names(Calls& calls,
                                                                       std::span<const std::uint32_t> metrics);
[[nodiscard]] node::Answer<bool> performance_streaming(Calls& calls, GpuIndex gpu);

}  // namespace gpuslice::nvml
