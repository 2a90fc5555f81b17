// GPUs that the driver counts but that cannot be used: lost, or not accessible to this user.
#pragma once

#include <optional>
#include <ostream>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::smi {

// The reason for this code, including the line ends that NVIDIA's program prints after it.
[[nodiscard]] const char* why_unreachable(int code);

// Removes such GPUs from `gpus` and reports each on `err`, as nvidia-smi does. If none is left, prints that on `out`
// and returns the exit status; nullopt means that the command can continue.
[[nodiscard]] std::optional<int> leave_out_unreachable(node::Node& node, std::vector<GpuIndex>& gpus, std::ostream& out,
                                                       std::ostream& err);

}  // namespace gpuslice::smi
