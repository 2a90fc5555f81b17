// The files below /proc/driver/nvidia in which the driver describes itself and its GPUs, by driver version and GPU
// generation. Pure.
#pragma once

#include <string>

#include "sim/state.hpp"

namespace gpuslice::sim {

// True if the node's driver uses the open kernel modules, which exist from R515 on and support Turing and later (README
// of open-gpu-kernel-modules). They are used if they support every GPU of the node; otherwise the proprietary modules
// are used.
[[nodiscard]] bool open_kernel_modules(const NodeConfig& node);

// The files version, params and gpus/*/information.
[[nodiscard]] std::string driver_version_text(const NodeConfig& node);
[[nodiscard]] std::string driver_parameters_text(const NodeConfig& node);
[[nodiscard]] std::string gpu_information_text(const NodeConfig& node, std::uint32_t index);

}  // namespace gpuslice::sim
