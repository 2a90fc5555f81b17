// Creates a simulated node from a specification: chooses identities, writes the state and fills the directory.
#pragma once

#include <string>

#include "base/result.hpp"
#include "sim/state.hpp"
#include "simhost/node_spec.hpp"

namespace gpuslice::simhost {

// The files that are copied into each node, and facts about the host.
struct NodeParts {
  std::string library;         // our libnvidia-ml.so.1
  std::string program;         // the gpuslice program, which acts as nvidia-smi under that name
  std::string cuda{};          // our libcuda.so.1, a stub; empty: none
  std::string host_devices{};  // the text of /proc/devices; the node must not use any major in it
  std::uint64_t now_us{};      // since the epoch: when its GPUs start to count usage; 0: usage is not counted
};

struct CreatedNode {
  std::string directory;
  std::vector<std::string> notes;  // notes for the user, such as profiles left out because a figure is unknown
};

// The configuration and first state of a node; pure. Identities depend only on the seed, the node name and the GPU's
// position.
struct Blueprint {
  sim::NodeConfig config;
  sim::NodeDynamic start;
  std::vector<std::string> notes;
};
[[nodiscard]] Result<Blueprint> blueprint_of(const std::string& name, const NodeSpec& spec);

// Creates NODES/NAME, all or nothing: the node is built in a temporary directory that is then renamed. Errors: exists,
// usage, unsupported, io.
[[nodiscard]] Result<CreatedNode> create_node(const std::string& nodes, const std::string& name, const NodeSpec& spec,
                                              const NodeParts& parts);
[[nodiscard]] Result<void> delete_node(const std::string& nodes, const std::string& name);

}  // namespace gpuslice::simhost
