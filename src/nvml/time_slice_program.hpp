// The time-slice policy of a real driver, which NVML does not offer: by NVIDIA's own program, by name.
#pragma once

#include "node/port.hpp"

namespace gpuslice::nvml {

// Reads the table of `nvidia-smi compute-policy -i GPU -l`. A refusal has the NVML code that the program ended with and
// its words.
[[nodiscard]] node::Answer<std::uint32_t> time_slice_by_program(GpuIndex gpu);
[[nodiscard]] node::Answer<void> set_time_slice_by_program(GpuIndex gpu, std::uint32_t policy);

}  // namespace gpuslice::nvml
