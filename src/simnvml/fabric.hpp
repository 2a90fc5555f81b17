// NVLink and the fabric of a node's GPUs, for the calls and field values that report them.
//
// On an eight-GPU host with NVSwitches, all links of the GPUs are up; a single GPU has none (recorded on an H200 in a
// virtual machine).
#pragma once

#include "simnvml/call.hpp"

namespace gpuslice::simnvml {

// The number of links of the GPU that are up; 0 without a fabric, or if the board's number of links is unknown.
[[nodiscard]] unsigned active_links(const sim::Driver& driver, std::uint32_t gpu);
// NVML_NVLINK_VERSION_*; 0: unknown.
[[nodiscard]] unsigned link_version(const sim::Driver& driver, std::uint32_t gpu);

}  // namespace gpuslice::simnvml
