// The time-slice policy of a real driver. NVML has no call for it, so NVIDIA's own program is run.
#pragma once

#include "node/port.hpp"

namespace gpuslice::nvml {

// Reads the table of `nvidia-smi compute-policy -i GPU --list`. A refusal contains the program's exit status, which is
// an NVML return code, and the text that the program printed.
[[nodiscard]] node::Answer<std::uint32_t> time_slice_by_program(GpuIndex gpu);
[[nodiscard]] node::Answer<void> set_time_slice_by_program(GpuIndex gpu, std::uint32_t policy);

}  // namespace gpuslice::nvml
