// The GPU and compute instances to which a `mig` command applies, in nvidia-smi's order.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "node/port.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

struct GiRow {
  GpuIndex gpu{};
  node::GiProfileInfo profile;
  node::GiInfo instance;
};
struct CiRow {
  GiRow parent;
  node::CiProfileInfo profile;
  node::CiInfo instance;
};

// The GPUs of the session with MIG hardware, and those with MIG mode on.
[[nodiscard]] std::vector<GpuIndex> mig_capable(Session& session);
[[nodiscard]] std::vector<GpuIndex> mig_enabled(Session& session);
// Prints why none of the GPUs has MIG mode on, and returns the exit status. It is an error if the GPUs have no MIG
// hardware, but not if MIG mode is only off.
int no_mig_devices(Session& session);

// The instances to which a command applies: those of the GPUs with MIG mode on, restricted to the lists of ids (all, if
// absent), ordered by profile enum, then id. If there are none, this prints why and returns the exit status.
[[nodiscard]] std::expected<std::vector<GiRow>, int> gpu_instances_asked_for(Session& session,
                                                                             const std::optional<std::string>& gis);
[[nodiscard]] std::expected<std::vector<CiRow>, int> compute_instances_asked_for(Session& session,
                                                                                 const std::optional<std::string>& gis,
                                                                                 const std::optional<std::string>& cis);

}  // namespace gpuslice::smi
