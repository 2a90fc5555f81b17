// GPU reset of a real driver, which NVML does not offer: by NVIDIA's own program, by name.
#pragma once

#include "node/port.hpp"

namespace gpuslice::nvml {

// Runs `nvidia-smi --gpu-reset -i GPU`; what it says goes to standard error. The refusal is IN_USE or NO_PERMISSION
// where the program's status tells (it ends with the NVML code), else UNKNOWN.
[[nodiscard]] node::Answer<void> reset_by_program(GpuIndex gpu);

}  // namespace gpuslice::nvml
