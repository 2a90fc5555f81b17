// Finds the GPU or MIG device of a node that a value of CUDA_VISIBLE_DEVICES names, with its path and UUID.
#pragma once

#include <string>

#include "base/result.hpp"
#include "node/port.hpp"
#include "ops/instance_path.hpp"

namespace gpuslice::ops {

struct Located {
  InstancePath path;  // of a MIG device: down to its compute instance
  std::string uuid;   // "GPU-…" or "MIG-…"
};

// Accepts the forms of CUDA (an index, the UUID of a GPU, the UUID of a MIG device as MIG-UUID or MIG-GPU-UUID/GI/CI),
// and GPU:GI/CI. Errors: usage for any other text, not_found, and unknown when the driver does not answer.
[[nodiscard]] Result<Located> locate(node::Node& node, const std::string& word);

}  // namespace gpuslice::ops
