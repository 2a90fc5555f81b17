// The requested state of one GPU, resolved to profiles of that GPU's own capability. Passive data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "mig/capability.hpp"
#include "model/layout.hpp"

namespace gpuslice::model {

struct TargetCi {
  std::string name;
  mig::CiProfileId profile{};
  std::optional<mig::Placement> placement;
  Origin origin{};
};
struct TargetGi {
  std::string name;
  mig::GiProfileId profile{};
  std::optional<mig::Placement> placement;
  std::vector<TargetCi> compute;
  Origin origin{};
  bool exists{};  // the instance already exists at `placement` and must not be destroyed
};
struct Target {
  bool mig{};
  Foreign foreign{Foreign::keep};
  std::vector<TargetGi> instances;
  GpuState settings{};  // those that are requested; its MIG part is unused
};
struct GpuTarget {
  GpuIndex gpu{};
  Target target;
};

}  // namespace gpuslice::model
