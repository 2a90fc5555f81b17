// Where simulated nodes live and what a node's directory holds.
//
//   NODE/state               the mapped state (state_file.hpp); state.lock, the lock of its writers
//   NODE/clients             one byte per client slot, locked by the client (clients.hpp)
//   NODE/trace               the calls of its driver, once they are traced (trace.hpp)
//   NODE/proc, sys, dev      the files of its driver (live_tree.hpp); dev/nvidia-caps holds the capability files:
//                            nvidia-cap1 (config, 0400), nvidia-cap2 (monitor, 0444), those of instances
//   NODE/pool/               the files of capabilities that are not there now
//   NODE/views/              what containers of it see: proc and dev of some MIG devices only
//   NODE/boot.d/             programs that run inside the node when it has been rebooted
//   NODE/snapshots/          the node as it was
//   NODE/space/              an empty place to mount on; inside, where root made the namespace, its devices
//                            (inner_devices.hpp)
//   NODE/.entered            there since such a namespace was made
//   NODE/.lock, .restore*    of a restore under way (simhost/restore.hpp)
//   NODE/lib/                libnvidia-ml.so.1, a copy of its own; libcuda.so.1, a stub
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

// Inside a node, a link to its directory: whoever has lost the environment (sudo drops it) still finds the node.
inline constexpr const char* inside_mark = "/dev/.gpuslice-node";
// Beside it, a link to what node_identity says of that node: another one made under its name later is not the same.
// It comes last, when everything else stands inside.
inline constexpr const char* inside_identity = "/dev/.gpuslice-identity";
[[nodiscard]] std::string node_identity(const std::string& node);
// The directory of the node that this process is inside of; empty outside.
[[nodiscard]] std::string node_around();
[[nodiscard]] std::string identity_around();

// Whose dev/nvidia-caps says what this process may see of the node (Driver::open): of a container's view, the view
// (GPUSLICE_SIM_VIEW); inside the node, the root, where less may stand; else the node itself.
[[nodiscard]] std::string view_of(const std::string& node);

// The directory of all nodes: $GPUSLICE_SIM_DIR, else /var/lib/gpuslice/nodes for root, else the user's state
// directory.
[[nodiscard]] Result<std::string> nodes_directory(const Home& home);

// Whether this process may act on the node (change it, enter it, run its programs): a node of its own user's or of
// root's, in a directory of theirs, that nobody else may write to. What a node holds is code (its library, bin, boot.d),
// and whoever acts on it runs that code. The one check of that; whoever opens a node to act on it calls it first.
// Reading a node's state by our own code needs none. Errors: permission, naming the owner.
[[nodiscard]] Result<void> check_owner(const std::string& node);

// 1 to 63 letters, digits, '.', '_' and '-', not starting with '.' or '-'.
[[nodiscard]] Result<void> check_node_name(const std::string& name);

// The directory of an existing node; not_found names the nodes there are.
[[nodiscard]] Result<std::string> find_node(const std::string& nodes, const std::string& name);
// The same, of a node that this process may act on (check_owner).
[[nodiscard]] Result<std::string> find_own_node(const std::string& nodes, const std::string& name);
[[nodiscard]] std::vector<std::string> list_nodes(const std::string& nodes);

}  // namespace gpuslice::sim
