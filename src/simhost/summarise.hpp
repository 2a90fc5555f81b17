// A short summary of each simulated node.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::simhost {

struct NodeSummary {
  std::string name;
  std::string driver;  // "580.126.09"
  std::string gpus;    // "8x a100-40gb"
  unsigned gpu_count{};
  unsigned mig_gpus{};  // GPUs with MIG mode on
  unsigned gpu_instances{};
  unsigned compute_instances{};
  unsigned clients{};
  std::string directory;
  std::string problem;  // why the node could not be read; the figures above are then unknown
};

[[nodiscard]] std::vector<NodeSummary> summarise_nodes(const std::string& nodes);

}  // namespace gpuslice::simhost
