// The settings of a whole GPU other than MIG: compute mode and time slice. How they are named, compared and restored.
#pragma once

#include <vector>

#include "model/gpu_state.hpp"
#include "model/step.hpp"

namespace gpuslice::plan {

// Calls visit(name, member, step_to) for every part of a state except MIG: "the compute mode", &GpuState::compute_mode,
// and a function that creates the step that sets it. The structured binding names all parts, so a new part does not
// compile until it is handled here. MPS and vGPUs have no settings yet.
template <class Visit>
void each_setting(const model::GpuState& state, Visit visit) {
  [[maybe_unused]] const auto& [mig, compute_mode, time_slice, mps, vgpus] = state;
  visit("the compute mode", &model::GpuState::compute_mode, [](auto mode) { return model::SetComputeMode{mode}; });
  visit("the time slice", &model::GpuState::time_slice, [](auto policy) { return model::SetTimeSlice{policy}; });
}

// Whether any setting of the state is known. For a state that a change recorded: whether the change depends on
// settings.
[[nodiscard]] bool knows_settings(const model::GpuState& state);

// The steps from the settings of `now` to the known settings of `wanted`. A setting that is unknown in `now` is set.
[[nodiscard]] std::vector<model::Step> steps_to_settings(const model::GpuState& now, const model::GpuState& wanted);

}  // namespace gpuslice::plan
