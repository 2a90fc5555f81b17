// GPU reset on a real driver. NVML has no call for it, so NVIDIA's own program is run.
#pragma once

#include "node/port.hpp"

namespace gpuslice::nvml {

// Runs `nvidia-smi --gpu-reset -i GPU`; its output goes to standard error. The refusal is IN_USE or NO_PERMISSION if
// the program's exit status, which is an NVML return code, says so, and UNKNOWN otherwise.
[[nodiscard]] node::Answer<void> reset_by_program(GpuIndex gpu);

}  // namespace gpuslice::nvml
