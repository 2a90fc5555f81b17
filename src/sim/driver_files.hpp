// What the driver says of itself and of its GPUs below /proc/driver/nvidia, by version and generation. Pure.
#pragma once

#include <string>

#include "sim/state.hpp"

namespace gpuslice::sim {

// Which kernel modules the node's driver has: the open ones, which exist from R515 on and drive Turing and later
// (README of open-gpu-kernel-modules), wherever they drive every GPU of the node; else the proprietary ones.
[[nodiscard]] bool open_kernel_modules(const NodeConfig& node);

// The files version, params and gpus/*/information.
[[nodiscard]] std::string driver_version_text(const NodeConfig& node);
[[nodiscard]] std::string driver_parameters_text(const NodeConfig& node);
[[nodiscard]] std::string gpu_information_text(const NodeConfig& node, std::uint32_t index);

}  // namespace gpuslice::sim
