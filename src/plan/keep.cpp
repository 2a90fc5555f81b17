#include "plan/keep.hpp"

#include <algorithm>

namespace gpuslice::plan {
namespace {

template <class List, class One>
auto* same_place(List& list, const One& one) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& there) {
    return there.placement == one.placement && there.profile == one.profile;
  });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

std::vector<model::NamedGi> as_made(const mig::GpuState& state, const std::vector<model::NamedGi>& names) {
  std::vector<model::NamedGi> all;
  for (const auto& gi : state.partition.instances) {
    const auto* named = same_place(names, gi);
    model::NamedGi one{gi.placement, gi.profile, named != nullptr ? named->name : "", {}};
    for (const auto& ci : gi.compute) {
      const auto* inner = named != nullptr ? same_place(named->compute, ci) : nullptr;
      one.compute.push_back({ci.placement, ci.profile, inner != nullptr ? inner->name : ""});
    }
    all.push_back(std::move(one));
  }
  return all;
}

model::Target target_of(const mig::GpuState& state, const std::vector<model::NamedGi>& names) {
  model::Target target;
  target.mig = state.mode;
  for (const auto& gi : as_made(state, names)) {
    model::TargetGi one{gi.name, gi.profile, gi.placement, {}};
    for (const auto& ci : gi.compute) one.compute.push_back({ci.name, ci.profile, ci.placement});
    target.instances.push_back(std::move(one));
  }
  return target;
}

std::vector<model::NamedGi> merged(std::vector<model::NamedGi> a, const std::vector<model::NamedGi>& b) {
  for (const auto& gi : b) {
    auto* mine = same_place(a, gi);
    if (mine == nullptr) {
      a.push_back(gi);
      continue;
    }
    for (const auto& ci : gi.compute)
      if (same_place(mine->compute, ci) == nullptr) mine->compute.push_back(ci);
  }
  return a;
}

}  // namespace gpuslice::plan
