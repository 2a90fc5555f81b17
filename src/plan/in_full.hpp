// A layout written out for known GPUs, for formats that have neither products nor short names of profiles.
#pragma once

#include "model/inventory.hpp"
#include "model/layout.hpp"

namespace gpuslice::plan {

// Selects by index what is selected by product ("all" where these are all GPUs that there are), and gives profiles
// their full names: "3g.20gb" for 3g or 9, and the share ("1c") for a compute instance's id. What cannot be told for
// all the GPUs that an entry selects stays as it is written: a UUID or an address, a product that no GPU has, a profile
// that has different names on them or that one lacks.
[[nodiscard]] model::Layout in_full(model::Layout layout, const model::Inventory& inventory);

}  // namespace gpuslice::plan
