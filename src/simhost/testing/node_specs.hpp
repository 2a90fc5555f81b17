// Short forms of node specifications.
#pragma once

#include <utility>
#include <vector>

#include "simhost/node_spec.hpp"

namespace gpuslice::simhost::testing {

inline GpuSpec gpu(const char* product, unsigned count = 1) {
  GpuSpec spec;
  spec.product = product;
  spec.count = count;
  return spec;
}
inline NodeSpec node(std::vector<GpuSpec> gpus) {
  NodeSpec spec;
  spec.gpus = std::move(gpus);
  return spec;
}

}  // namespace gpuslice::simhost::testing
