// Where GPUs stand to each other and to the host's CPUs, through NVML. The functions of node::Node of the same names,
// whose contract they keep.
#pragma once

#include <vector>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

[[nodiscard]] node::Answer<node::PathLevel> path_level(Calls& calls, GpuIndex one, GpuIndex other);
[[nodiscard]] node::Answer<node::NearGpus> nearest_gpus(Calls& calls, GpuIndex gpu, node::PathLevel level);
[[nodiscard]] node::Answer<node::PeerStatus> peer_status(Calls& calls, GpuIndex one, GpuIndex other,
                                                         node::PeerAccess access);
[[nodiscard]] node::Answer<std::vector<std::uint32_t>> cpus_near(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<std::vector<std::uint32_t>> numa_nodes_near(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<node::NearGpus> gpus_near_cpu(Calls& calls, std::uint32_t cpu);
[[nodiscard]] node::Answer<std::vector<node::ExcludedGpu>> excluded_gpus(Calls& calls);

}  // namespace gpuslice::nvml
