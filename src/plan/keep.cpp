#include "plan/keep.hpp"

namespace gpuslice::plan {
std::vector<model::NamedGi> as_made(const model::GpuState& state, const std::vector<model::NamedGi>& names) {
  std::vector<model::NamedGi> all;
  for (const auto& gi : state.mig.partition.instances) {
    const auto* named = model::entry_of(names, gi);
    model::NamedGi one{gi.placement, gi.profile, named != nullptr ? named->name : "", {}};
    for (const auto& ci : gi.compute) {
      const auto* inner = named != nullptr ? model::entry_of(named->compute, ci) : nullptr;
      one.compute.push_back({ci.placement, ci.profile, inner != nullptr ? inner->name : ""});
    }
    all.push_back(std::move(one));
  }
  return all;
}

model::Target target_of(const model::GpuState& state, const std::vector<model::NamedGi>& names) {
  model::Target target;
  target.mig = state.mig.mode;
  target.instances = as_targets(as_made(state, names));
  return target;
}

std::vector<model::TargetGi> as_targets(const std::vector<model::NamedGi>& made) {
  std::vector<model::TargetGi> wanted;
  for (const auto& gi : made) {
    model::TargetGi one{gi.name, gi.profile, gi.placement, {}};
    for (const auto& ci : gi.compute) one.compute.push_back({ci.name, ci.profile, ci.placement});
    wanted.push_back(std::move(one));
  }
  return wanted;
}

std::vector<model::NamedGi> merged(std::vector<model::NamedGi> a, const std::vector<model::NamedGi>& b) {
  for (const auto& gi : b) {
    const auto* mine = model::entry_of(a, gi);
    if (mine == nullptr) {
      a.push_back(gi);
      continue;
    }
    auto& compute = a[static_cast<std::size_t>(mine - a.data())].compute;
    for (const auto& ci : gi.compute)
      if (model::entry_of(compute, ci) == nullptr) compute.push_back(ci);
  }
  return a;
}

}  // namespace gpuslice::plan
