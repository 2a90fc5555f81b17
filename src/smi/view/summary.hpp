// The default view: the GPU table, the MIG device table where a GPU has MIG on, the process table.
#pragma once

#include "smi/session.hpp"

namespace gpuslice::smi {

int summary(Session& session);

}  // namespace gpuslice::smi
