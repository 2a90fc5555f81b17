// The processes of a GPU or MIG device, from the driver's three lists.
#pragma once

#include <vector>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

// Ascending by pid, then instance; a process on several instances of a GPU has a line for each. The compute list must
// answer; a driver without the others has no such processes. A pid in the MPS list counts only where the compute list
// names it too, as nvidia-smi shows it (recorded).
[[nodiscard]] node::Answer<std::vector<node::Process>> processes(Calls& calls, node::Subject subject);

}  // namespace gpuslice::nvml
