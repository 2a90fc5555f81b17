// -mig, -pl, -lgc and similar options: change settings of the selected GPUs, in the order given.
#pragma once

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

int change_settings(Session& session, const Request& request);

}  // namespace gpuslice::smi
