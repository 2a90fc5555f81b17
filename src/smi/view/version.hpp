// `--version`: the versions of the program, NVML, the driver and CUDA.
#pragma once

#include "smi/session.hpp"

namespace gpuslice::smi {

int print_version(Session& session);

}  // namespace gpuslice::smi
