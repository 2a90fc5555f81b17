// The GPU and compute instances that a `mig` command is about, in the order in which nvidia-smi names them.
#pragma once

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
// Says why none of the GPUs has MIG mode on, and gives the status: no MIG hardware is an error, the mode off is none
// (recorded).
int no_mig_devices(Session& session);
[[nodiscard]] std::vector<GpuIndex> mig_enabled(Session& session);

// True when `id` is in the comma separated list, or there is no list.
[[nodiscard]] bool in_list(const std::optional<std::string>& list, std::uint32_t id);

// Instances in the order profile enum, then id (recorded), restricted to the ids asked for. NOT_FOUND when there is
// none.
[[nodiscard]] node::Answer<std::vector<GiRow>> gpu_instances(Session& session, const std::vector<GpuIndex>& gpus,
                                                             const std::optional<std::string>& gi_list);
[[nodiscard]] node::Answer<std::vector<CiRow>> compute_instances(Session& session, const std::vector<GiRow>& parents,
                                                                 const std::optional<std::string>& ci_list);

}  // namespace gpuslice::smi
