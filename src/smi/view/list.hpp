// -L: one line per GPU, followed by one per MIG device of it.
#pragma once

#include "smi/session.hpp"

namespace gpuslice::smi {

int list_gpus(Session& session);
// -B: the GPUs that the driver was configured not to use.
int list_excluded_gpus(Session& session);

}  // namespace gpuslice::smi
