// -mig, -c, -pm: change a mode on each chosen GPU, with nvidia-smi's words for every outcome.
#pragma once

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

int change_settings(Session& session, const Request& request);

}  // namespace gpuslice::smi
