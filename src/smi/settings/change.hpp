// -mig, -pl, -lgc and the like: change settings of the chosen GPUs, in the order typed.
#pragma once

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

int change_settings(Session& session, const Request& request);

}  // namespace gpuslice::smi
