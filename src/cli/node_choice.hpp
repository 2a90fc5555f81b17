// Which node a command acts on, and whether an option or the environment selected it.
#pragma once

#include <string>

namespace gpuslice::cli {

// The environment variable that is the default of --node.
inline constexpr const char* node_variable = "GPUSLICE_NODE";

struct NodeChoice {
  std::string name;         // "local", "sim:NAME"; empty: none was given
  bool from_environment{};  // GPUSLICE_NODE named it

  // "--node sim:demo" or "GPUSLICE_NODE=sim:demo", for messages.
  [[nodiscard]] std::string spelled() const;
};

// The node of --node, or else of the environment variable; an empty variable is the same as an unset one.
[[nodiscard]] NodeChoice choose_node(const std::string& option);

}  // namespace gpuslice::cli
