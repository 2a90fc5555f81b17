// Which GPU or MIG device a CUDA_VISIBLE_DEVICES value means.
#pragma once

#include <string>

#include "base/result.hpp"
#include "node/port.hpp"

namespace gpuslice::cli {

// The forms CUDA takes: an index, a GPU's UUID, a MIG device's (MIG-UUID, or MIG-GPU-UUID/GI/CI); and GPU:GI/CI
// ("0:2/0"), which is none of CUDA's: taken, never printed. Errors: not_found, and unknown when the driver does not
// answer.
[[nodiscard]] Result<node::Subject> find_device(node::Node& node, const std::string& word);

// "gpu=0 uuid=GPU-..." or "gpu=0 gi=2 ci=0 uuid=MIG-..."
[[nodiscard]] Result<std::string> describe_device(node::Node& node, node::Subject device);

}  // namespace gpuslice::cli
