// GPU indices in a layout that the node does not have.
#pragma once

#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/layout.hpp"

namespace gpuslice::plan {

// In a mig-parted file such an index selects nothing: mig-parted iterates over the existing GPUs and checks which
// entries select each one (NVIDIA/mig-parted, cmd/nvidia-mig-parted/assert/assert.go), so one file can serve nodes with
// fewer GPUs. This function removes such indices from a layout of such a file, and entries without any other index; it
// returns a note for each of these entries. A gpuslice/v1 layout is not changed: resolve refuses the index there.
[[nodiscard]] std::vector<std::string> leave_out_absent_gpus(model::Layout& layout, const model::Inventory& inventory);

}  // namespace gpuslice::plan
