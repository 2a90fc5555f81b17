// GPUs that a layout names by an index beyond the node.
#pragma once

#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/layout.hpp"

namespace gpuslice::plan {

// In a file of mig-parted such an index selects nothing: mig-parted goes through the GPUs that there are and asks of
// each which entries name it (NVIDIA/mig-parted, cmd/nvidia-mig-parted/assert/assert.go), so one file can serve nodes
// with fewer GPUs. Removes these indices from a layout of such a file, and entries that are left without one; returns a
// note for each entry that is concerned. A layout of gpuslice/v1 is left as it is: there, resolve refuses the index.
[[nodiscard]] std::vector<std::string> leave_out_absent_gpus(model::Layout& layout, const model::Inventory& inventory);

}  // namespace gpuslice::plan
