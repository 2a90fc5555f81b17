// Settings of a GPU besides MIG, through NVML: memory protection, accounting, power and clocks. The functions of
// node::Node of the same names, whose contract they keep: NO_PERMISSION, and why, on a driver that may only be read.
#pragma once

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

[[nodiscard]] node::Answer<void> set_ecc_mode(Calls& calls, GpuIndex gpu, bool enable);
[[nodiscard]] node::Answer<void> clear_ecc_errors(Calls& calls, GpuIndex gpu, bool aggregate);
[[nodiscard]] node::Answer<void> set_accounting_mode(Calls& calls, GpuIndex gpu, bool enable);
[[nodiscard]] node::Answer<void> clear_accounted_processes(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<void> set_power_limit(Calls& calls, GpuIndex gpu, std::uint32_t milliwatts);
[[nodiscard]] node::Answer<void> lock_gpu_clocks(Calls& calls, GpuIndex gpu, node::Clocks clocks);
[[nodiscard]] node::Answer<void> reset_gpu_clocks(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<void> lock_memory_clocks(Calls& calls, GpuIndex gpu, node::Clocks clocks);
[[nodiscard]] node::Answer<void> reset_memory_clocks(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<void> set_application_clocks(Calls& calls, GpuIndex gpu, std::uint32_t memory,
                                                        std::uint32_t graphics);
[[nodiscard]] node::Answer<void> reset_application_clocks(Calls& calls, GpuIndex gpu);

}  // namespace gpuslice::nvml
