// -L: one line per GPU, followed by one line for each of its MIG devices.
#pragma once

#include "smi/session.hpp"

namespace gpuslice::smi {

int list_gpus(Session& session);
// -B: the GPUs that the driver is configured to exclude.
int list_excluded_gpus(Session& session);

}  // namespace gpuslice::smi
