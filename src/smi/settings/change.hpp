// -mig, -c, -pm: change a mode on each chosen GPU, with nvidia-smi's words for every outcome.
#pragma once

#include "smi/options.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

int change_settings(Session& session, const Options& options);

}  // namespace gpuslice::smi
