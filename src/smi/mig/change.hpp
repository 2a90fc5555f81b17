// The options of `nvidia-smi mig` that create and destroy instances. A list is processed from left to right and ends at
// the first refusal; instances created before that remain. Each function returns the exit status: 0 or the NVML code of
// the refusal.
#pragma once

#include "smi/mig/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

int create_gpu_instances(Session& session, const MigRequest& request);       // -cgi, -C
int destroy_gpu_instances(Session& session, const MigRequest& request);      // -dgi
int create_compute_instances(Session& session, const MigRequest& request);   // -cci
int destroy_compute_instances(Session& session, const MigRequest& request);  // -dci

}  // namespace gpuslice::smi
