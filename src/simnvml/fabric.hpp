// NVLink and the fabric of the GPUs of a node, for the calls and field values that tell of them.
//
// The GPUs of an eight-GPU host with NVSwitches have all their links up; a GPU by itself has none (recorded on an H200
// in a virtual machine).
#pragma once

#include "simnvml/call.hpp"

namespace gpuslice::simnvml {

// The links of the GPU that are up; 0 without a fabric, or when nobody has seen how many the board has.
[[nodiscard]] unsigned active_links(const sim::Driver& driver, std::uint32_t gpu);
// NVML_NVLINK_VERSION_*; 0: not known.
[[nodiscard]] unsigned link_version(const sim::Driver& driver, std::uint32_t gpu);

}  // namespace gpuslice::simnvml
