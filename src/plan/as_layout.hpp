// The current state of a node as a layout. Applied to the same GPUs the layout changes nothing; applied to empty GPUs
// of the same products it recreates the state.
#pragma once

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"

namespace gpuslice::plan {

// How the layout selects the GPUs. `portable`: the most general exact selector: all, by product, or by index.
enum class SelectBy { portable, index, uuid, pci };

// Lists every instance, ordered by placement, with its placement and the name that gpuslice gave it. Errors: unknown if
// a GPU cannot be read.
[[nodiscard]] Result<model::Layout> as_layout(const model::Inventory& inventory, SelectBy select);

// An instance as a layout requests it, at its placement. Its compute instances are left out where they are what a
// layout gets that lists none.
[[nodiscard]] model::WantedGi as_wanted(const mig::Capability& capability, const model::NamedGi& gi);

}  // namespace gpuslice::plan
