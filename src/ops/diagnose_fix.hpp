// The plan for what `gpuslice doctor --fix` mends: GPU instances that gpuslice created and that have no compute
// instance get one that takes all of them. It stops nothing. Pure.
#pragma once

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/plan.hpp"

namespace gpuslice::ops {

// Errors: refused, unsupported when a profile's compute instances are not known.
[[nodiscard]] Result<model::Plan> plan_missing_compute(const model::Inventory& inventory);

}  // namespace gpuslice::ops
