// A layout with everything in it that depends on the node it is for: the layout that a node keeps.
#pragma once

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"

namespace gpuslice::plan {

// The layout for these GPUs with the placements of all instances: those that the layout gives, and where it gives none
// those that its plan chooses now. GPUs are selected by UUID, because an index changes when another GPU is missing.
// GPUs with the same declaration share an entry. Errors: those of plan_layout.
[[nodiscard]] Result<model::Layout> fixed_layout(const model::Inventory& inventory, const model::Layout& layout);

}  // namespace gpuslice::plan
