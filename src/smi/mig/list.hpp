// The listing options of `nvidia-smi mig`. Each function returns the exit status. The two that list profiles and
// placements of a GPU also work without any instance.
#pragma once

#include "smi/mig/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

int list_gi_profiles(Session& session, const MigRequest& request);        // -lgip
int list_gi_placements(Session& session, const MigRequest& request);      // -lgipp
int list_gpu_instances(Session& session, const MigRequest& request);      // -lgi
int list_ci_profiles(Session& session, const MigRequest& request);        // -lcip
int list_ci_placements(Session& session, const MigRequest& request);      // -lcipp
int list_compute_instances(Session& session, const MigRequest& request);  // -lci

}  // namespace gpuslice::smi
