// States of an A100 40GB and steps between them, for tests.
#pragma once

#include <initializer_list>
#include <type_traits>

#include "catalog/product.hpp"
#include "model/step.hpp"

namespace gpuslice::plan::testing {

inline const mig::Capability& a100() { return (*catalog::find("a100-40gb"))->capability; }

inline model::GpuState with(std::initializer_list<mig::GpuInstance> instances) {
  model::GpuState state;
  state.mig.mode = state.mig.pending = true;
  for (const auto& gi : instances) state.mig.partition.instances.push_back(gi);
  return state;
}
inline mig::GpuInstance instance(std::uint32_t id, std::uint32_t profile, mig::Placement at) {
  mig::GpuInstance made;
  made.id = mig::GiId{id};
  made.profile = mig::GiProfileId{profile};
  made.placement = at;
  return made;
}
// A step on the 3g.20gb at `at`, or on the 1c in its first slice.
template <class Kind>
model::Step step(mig::Placement at) {
  const model::GiSeat parent{mig::GiProfileId{9}, at};
  if constexpr (std::is_same_v<decltype(Kind::seat), model::GiSeat>)
    return {Kind{parent}, "", {}};
  else
    return {Kind{{parent, mig::CiProfileId{0}, {0, 1}}}, "", {}};
}

}  // namespace gpuslice::plan::testing
