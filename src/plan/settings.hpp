// How a whole GPU is shared besides MIG: its compute mode and time slice. What they are called, compared and put back
// by.
#pragma once

#include <vector>

#include "model/gpu_state.hpp"
#include "model/step.hpp"

namespace gpuslice::plan {

// visit(name, member, step_to) for every part of a state but MIG: "the compute mode", &GpuState::compute_mode, and what
// makes the step that sets it. All parts are named, so that a new one does not compile before it is here. Sharing by
// MPS and by vGPUs has nothing to set yet.
template <class Visit>
void each_setting(const model::GpuState& state, Visit visit) {
  [[maybe_unused]] const auto& [mig, compute_mode, time_slice, mps, vgpus] = state;
  visit("the compute mode", &model::GpuState::compute_mode, [](auto mode) { return model::SetComputeMode{mode}; });
  visit("the time slice", &model::GpuState::time_slice, [](auto policy) { return model::SetTimeSlice{policy}; });
}

// Whether any setting of it is known. Of a state that a change recorded: whether the change depends on settings.
[[nodiscard]] bool knows_settings(const model::GpuState& state);

// From the settings of `now` to those of `wanted`, as far as that knows them. What `now` does not know is set.
[[nodiscard]] std::vector<model::Step> steps_to_settings(const model::GpuState& now, const model::GpuState& wanted);

}  // namespace gpuslice::plan
