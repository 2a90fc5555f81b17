// The listing verbs of `nvidia-smi mig`. Each returns the exit status.
#pragma once

#include "smi/mig/options.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

int list_gi_profiles(Session& session);                                   // -lgip
int list_gi_placements(Session& session);                                 // -lgipp
int list_gpu_instances(Session& session, const MigOptions& options);      // -lgi
int list_ci_profiles(Session& session, const MigOptions& options);        // -lcip
int list_ci_placements(Session& session, const MigOptions& options);      // -lcipp
int list_compute_instances(Session& session, const MigOptions& options);  // -lci

}  // namespace gpuslice::smi
