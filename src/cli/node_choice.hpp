// Which node a command is about, and what named it.
#pragma once

#include <string>

namespace gpuslice::cli {

// The environment variable that is the default of --node.
inline constexpr const char* node_variable = "GPUSLICE_NODE";

struct NodeChoice {
  std::string name;         // "local", "sim:NAME"; empty: none was named
  bool from_environment{};  // GPUSLICE_NODE named it

  // "--node sim:demo" or "GPUSLICE_NODE=sim:demo", for messages.
  [[nodiscard]] std::string spelled() const;
};

// The node that --node named, else the one that the environment names; an empty variable is like one that is not set.
[[nodiscard]] NodeChoice choose_node(const std::string& option);

}  // namespace gpuslice::cli
