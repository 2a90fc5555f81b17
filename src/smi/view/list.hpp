// -L: one line per GPU, and under it one per MIG device.
#pragma once

#include "smi/session.hpp"

namespace gpuslice::smi {

int list_gpus(Session& session);
// -B: the GPUs that the driver was told to leave alone.
int list_excluded_gpus(Session& session);

}  // namespace gpuslice::smi
