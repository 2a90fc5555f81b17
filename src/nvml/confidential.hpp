// Confidential computing and drain states through NVML. The functions of node::Node of the same names, whose contract
// they keep.
#pragma once

#include <string>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

[[nodiscard]] node::Answer<node::ConfidentialCompute> confidential_compute(Calls& calls);
[[nodiscard]] node::Answer<node::ConfidentialMemory> confidential_memory(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<bool> draining(Calls& calls, const std::string& bus_id);

}  // namespace gpuslice::nvml
