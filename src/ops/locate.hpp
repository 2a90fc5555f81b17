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

// Accepts the forms of CUDA (an index, the UUID of a GPU, the UUID of a MIG device as MIG-UUID or MIG-GPU-UUID/GI/CI,
// or a prefix of a UUID that only one device has: CUDA C++ Programming Guide, CUDA_VISIBLE_DEVICES), and GPU:GI/CI,
// which is not a form of CUDA. Errors: usage for any other text and for a prefix of several UUIDs, which it names;
// not_found; unknown when the driver does not answer.
[[nodiscard]] Result<Located> locate(node::Node& node, const std::string& word);

}  // namespace gpuslice::ops
