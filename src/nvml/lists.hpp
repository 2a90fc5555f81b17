// What a driver tells of a GPU in lists: samples, clocks, retired pages, accounted processes, licences.
#pragma once

#include <string>
#include <vector>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

[[nodiscard]] node::Answer<std::vector<node::Sample>> samples(Calls& calls, GpuIndex gpu, node::SampleKind kind);
[[nodiscard]] node::Answer<std::vector<std::uint32_t>> memory_clocks(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<std::vector<std::uint32_t>> graphics_clocks(Calls& calls, GpuIndex gpu,
                                                                       std::uint32_t memory_clock);
[[nodiscard]] node::Answer<std::vector<node::RetiredPage>> retired_pages(Calls& calls, GpuIndex gpu, bool uncorrected);
[[nodiscard]] node::Answer<std::vector<node::AccountedProcess>> accounted_processes(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<std::vector<node::LicensedProduct>> licensed_products(Calls& calls, GpuIndex gpu);
// "0000:00:06.0" of a GPU, reachable or not.
[[nodiscard]] node::Answer<std::string> address(Calls& calls, GpuIndex gpu);

}  // namespace gpuslice::nvml
