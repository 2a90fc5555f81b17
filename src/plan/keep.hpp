// What stands taken for what is wanted: for going back to a state, and for changing one instance among others.
#pragma once

#include <vector>

#include "model/inventory.hpp"
#include "model/target.hpp"

namespace gpuslice::plan {

// Every instance of `state` at its place, called as in `names`.
[[nodiscard]] model::Target target_of(const model::GpuState& state, const std::vector<model::NamedGi>& names);

// Every instance of `state` as if gpuslice had made it, called as in `names`: a planner may then destroy any of them.
[[nodiscard]] std::vector<model::NamedGi> as_made(const model::GpuState& state,
                                                  const std::vector<model::NamedGi>& names);

// What gpuslice made as what is wanted, at its places.
[[nodiscard]] std::vector<model::TargetGi> as_targets(const std::vector<model::NamedGi>& made);

// What is in either; names of `a` come first.
[[nodiscard]] std::vector<model::NamedGi> merged(std::vector<model::NamedGi> a, const std::vector<model::NamedGi>& b);

}  // namespace gpuslice::plan
