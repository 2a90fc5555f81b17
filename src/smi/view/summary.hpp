// The default view: the table of GPUs, the table of MIG devices if a GPU has MIG mode on, and the table of processes.
#pragma once

#include "smi/session.hpp"

namespace gpuslice::smi {

int summary(Session& session);

}  // namespace gpuslice::smi
