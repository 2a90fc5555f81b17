// What processes make of a GPU, and their encoder and capture sessions, through NVML. The functions of node::Node of
// the same names, whose contract they keep.
#pragma once

#include <vector>

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

[[nodiscard]] node::Answer<std::vector<node::ProcessUse>> process_use(Calls& calls, GpuIndex gpu, std::uint64_t since);
[[nodiscard]] node::Answer<std::vector<node::EncoderSession>> encoder_sessions(Calls& calls, GpuIndex gpu);
[[nodiscard]] node::Answer<std::vector<node::CaptureSession>> capture_sessions(Calls& calls, GpuIndex gpu);

}  // namespace gpuslice::nvml
