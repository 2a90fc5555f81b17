// Which GPU or MIG device of a node a value of CUDA_VISIBLE_DEVICES means, and what it is called by its other names.
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

// The forms that CUDA takes: an index, a GPU's UUID, a MIG device's (MIG-UUID, or MIG-GPU-UUID/GI/CI); and GPU:GI/CI,
// which is none of CUDA's. Errors: usage for another word, not_found, and unknown when the driver does not answer.
[[nodiscard]] Result<Located> locate(node::Node& node, const std::string& word);

}  // namespace gpuslice::ops
