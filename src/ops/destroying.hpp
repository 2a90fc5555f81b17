// The plan that destroys instances: all instances of some GPUs, or selected ones. Pure.
//
// Selecting an instance is permission to destroy it, whichever program created it. Every other instance stays at its
// placement and keeps its name.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/plan.hpp"
#include "ops/select.hpp"

namespace gpuslice::ops {

// Destroys every instance of `gpus`, and `instances`; both were selected from `inventory`.
[[nodiscard]] Result<model::Plan> plan_destroy(const model::Inventory& inventory, const SelectedGpus& gpus,
                                               const std::vector<SelectedInstance>& instances);

}  // namespace gpuslice::ops
