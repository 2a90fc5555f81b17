// GPUs that the driver counts but does not let be used: lost, or not to be opened by this user.
#pragma once

#include <optional>
#include <ostream>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::smi {

// The text for it, with the line ends that NVIDIA's program puts behind them.
[[nodiscard]] const char* why_unreachable(int code);

// Takes them out of `gpus`, and says so of each on `err` (recorded). When none is left, says that on `out` and gives
// the exit status; none: go on.
[[nodiscard]] std::optional<int> leave_out_unreachable(node::Node& node, std::vector<GpuIndex>& gpus, std::ostream& out,
                                                       std::ostream& err);

}  // namespace gpuslice::smi
