// Where simulated nodes live and what a node's directory holds.
//
//   NODE/state               the mapped state (state_file.hpp)
//   NODE/clients             one byte per client slot, locked by the client (clients.hpp)
//   NODE/trace               the calls of its driver, once they are traced (trace.hpp)
//   NODE/dev/nvidia-caps/    the capability files: nvidia-cap1 (config, 0400), nvidia-cap2 (monitor, 0444)
//   NODE/lib/                libnvidia-ml.so.1, a copy of its own
//   NODE/bin/                nvidia-smi, and under other names the same program: displaymodeselector,
//                            nvidia-modprobe
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::sim {

// The environment a lookup depends on, handed in by the program.
struct Home {
  std::string sim_dir;     // $GPUSLICE_SIM_DIR, or empty
  std::string state_home;  // $XDG_STATE_HOME, or empty
  std::string home;        // $HOME, or empty
  bool root{};
};
[[nodiscard]] Home home_from_environment();

// The directory of all nodes: $GPUSLICE_SIM_DIR, else /var/lib/gpuslice/nodes for root, else the user's state
// directory.
[[nodiscard]] Result<std::string> nodes_directory(const Home& home);

// 1 to 63 letters, digits, '.', '_' and '-', not starting with '.' or '-'.
[[nodiscard]] Result<void> check_node_name(const std::string& name);

// The directory of an existing node; not_found names the nodes there are.
[[nodiscard]] Result<std::string> find_node(const std::string& nodes, const std::string& name);
[[nodiscard]] std::vector<std::string> list_nodes(const std::string& nodes);

}  // namespace gpuslice::sim
