// The plans that change GPUs as a whole: enabling MIG mode, disabling MIG mode, and the reset. Pure.
#pragma once

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/plan.hpp"
#include "ops/select.hpp"

namespace gpuslice::ops {

// Enables MIG mode; instances that gpuslice created stay. Refused, or unsupported for a GPU without MIG.
[[nodiscard]] Result<model::Plan> plan_enable(const model::Inventory& inventory, const SelectedGpus& gpus);

// Disables MIG mode after destroying the instances that gpuslice created. Refused if another program created instances:
// the hint names them.
[[nodiscard]] Result<model::Plan> plan_disable(const model::Inventory& inventory, const SelectedGpus& gpus);

// Resets GPUs. A reset stops every client of the GPU, destroys its instances, and activates a pending MIG mode.
[[nodiscard]] Result<model::Plan> plan_reset(const model::Inventory& inventory, const SelectedGpus& gpus);

}  // namespace gpuslice::ops
