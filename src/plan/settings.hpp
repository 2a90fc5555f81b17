// How a whole GPU is shared besides MIG: its compute mode and time slice. The steps that put such settings back.
#pragma once

#include <vector>

#include "model/gpu_state.hpp"
#include "model/step.hpp"

namespace gpuslice::plan {

// Whether any setting of it is known. Of a state that a change recorded: whether the change depends on settings.
[[nodiscard]] bool knows_settings(const model::GpuState& state);

// From the settings of `now` to those of `wanted`, as far as that knows them. What `now` does not know is set.
[[nodiscard]] std::vector<model::Step> steps_to_settings(const model::GpuState& now, const model::GpuState& wanted);

}  // namespace gpuslice::plan
