// Turns a state into a target: to restore an earlier state, and to change one instance while the others stay.
#pragma once

#include <vector>

#include "model/inventory.hpp"
#include "model/target.hpp"

namespace gpuslice::plan {

// Every instance of `state` at its placement, named as in `names`.
[[nodiscard]] model::Target target_of(const model::GpuState& state, const std::vector<model::NamedGi>& names);

// Every instance of `state` as if gpuslice had created it, named as in `names`, so that the planner may destroy any of
// them.
[[nodiscard]] std::vector<model::NamedGi> as_made(const model::GpuState& state,
                                                  const std::vector<model::NamedGi>& names);

// The instances that gpuslice created, requested at their current placements.
[[nodiscard]] std::vector<model::TargetGi> as_targets(const std::vector<model::NamedGi>& made);

// The union of both; if both name an instance, the name in `a` is used.
[[nodiscard]] std::vector<model::NamedGi> merged(std::vector<model::NamedGi> a, const std::vector<model::NamedGi>& b);

}  // namespace gpuslice::plan
