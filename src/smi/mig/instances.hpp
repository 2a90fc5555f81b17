// The GPU and compute instances that a `mig` command is about, in the order in which nvidia-smi names them.
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

// The GPUs of the session that have MIG hardware; those with MIG mode on.
[[nodiscard]] std::vector<GpuIndex> mig_capable(Session& session);
[[nodiscard]] std::vector<GpuIndex> mig_enabled(Session& session);
// Says why none of the GPUs has MIG mode on, and gives the status: no MIG hardware is an error, the mode off is none
// (recorded).
int no_mig_devices(Session& session);

// The instances that a verb is about: of the GPUs with MIG mode on, restricted to the lists of ids (absent: all), in
// the order profile enum, then id (recorded). Where there is none, says why and gives the exit status.
[[nodiscard]] std::expected<std::vector<GiRow>, int> gpu_instances_asked_for(Session& session,
                                                                             const std::optional<std::string>& gis);
[[nodiscard]] std::expected<std::vector<CiRow>, int> compute_instances_asked_for(Session& session,
                                                                                 const std::optional<std::string>& gis,
                                                                                 const std::optional<std::string>& cis);

}  // namespace gpuslice::smi
