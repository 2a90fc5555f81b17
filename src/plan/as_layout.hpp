// What stands on a node as a layout: applied to the same GPUs it changes nothing, on others like them it makes the
// same.
#pragma once

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"

namespace gpuslice::plan {

// How the GPUs are named. `portable`: the least that is exact: all, by product, or by index.
enum class SelectBy { portable, index, uuid, pci };

// Every instance at its place, in the order of places; names where gpuslice gave them. unknown when a GPU cannot be
// read.
[[nodiscard]] Result<model::Layout> as_layout(const model::Inventory& inventory, SelectBy select);

}  // namespace gpuslice::plan
