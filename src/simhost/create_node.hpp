// Creates a simulated node from a specification: choose identities, write the state, lay out the directory.
#pragma once

#include <string>

#include "base/result.hpp"
#include "sim/state.hpp"
#include "simhost/node_spec.hpp"

namespace gpuslice::simhost {

// What is copied into each node.
struct NodeParts {
  std::string library;         // our libnvidia-ml.so.1
  std::string program;         // the gpuslice program, which acts as nvidia-smi under that name
  std::string cuda{};          // our libcuda.so.1, a stub; empty: none
  std::string host_devices{};  // the text of /proc/devices: the node may not use any of its majors
  std::uint64_t now_us{};      // since the epoch: when its GPUs start to count usage; 0: they do not
};

struct CreatedNode {
  std::string directory;
  std::vector<std::string> notes;  // what the user should know, such as profiles left out because a figure is unknown
};

// The configuration and first state of a node; pure. Identities are a function of the seed, the node name and the GPU's
// position.
struct Blueprint {
  sim::NodeConfig config;
  sim::NodeDynamic start;
  std::vector<std::string> notes;
};
[[nodiscard]] Result<Blueprint> blueprint_of(const std::string& name, const NodeSpec& spec);

// Creates NODES/NAME, all or nothing (in a temporary directory that is renamed). Errors: exists, usage, unsupported,
// io.
[[nodiscard]] Result<CreatedNode> create_node(const std::string& nodes, const std::string& name, const NodeSpec& spec,
                                              const NodeParts& parts);
[[nodiscard]] Result<void> delete_node(const std::string& nodes, const std::string& name);

}  // namespace gpuslice::simhost
