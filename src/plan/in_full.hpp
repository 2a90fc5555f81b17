// A layout written out for known GPUs, for formats that have neither products nor short names of profiles.
#pragma once

#include "model/inventory.hpp"
#include "model/layout.hpp"

namespace gpuslice::plan {

// Replaces selection by product with selection by index ("all" if these are all GPUs), and gives profiles their full
// names: "3g.20gb" for 3g or 9, and the share ("1c") for the id of a compute instance profile. Text that cannot be
// resolved for all selected GPUs stays as written: a UUID or an address, a product that no GPU has, a profile that some
// of the GPUs lack or that has different names on them.
[[nodiscard]] model::Layout in_full(model::Layout layout, const model::Inventory& inventory);

}  // namespace gpuslice::plan
