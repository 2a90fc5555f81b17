// Where simulated nodes are kept and what a node's directory holds.
//
//   NODE/state               the mapped state (state_file.hpp); state.lock, the lock of its writers
//   NODE/clients             one byte per client slot, locked by the client (clients.hpp)
//   NODE/trace               the calls of its driver, once they are traced (trace.hpp)
//   NODE/kmsg                what its kernel log has about XIDs (kernel_log.hpp)
//   NODE/proc, sys, dev      the files of its driver (live_tree.hpp); dev/nvidia-caps holds the capability files:
//                            nvidia-cap1 (config, 0400), nvidia-cap2 (monitor, 0444), those of instances
//   NODE/pool/               spare capability files; renamed into place when an instance is created, and back when it
//                            is destroyed
//   NODE/views/              the proc and dev trees shown to the node's containers, limited to their devices
//   NODE/cdi/                its /var/run/cdi, empty after a reboot
//   NODE/boot.d/             programs that run inside the node after each reboot
//   NODE/etc/gpuslice/       layout.yaml, the layout that it keeps, once there is one
//   NODE/snapshots/          saved states of the node
//   NODE/space/              an empty mount point; inside, in a namespace created by root, its devices
//                            (inner_devices.hpp)
//   NODE/.entered            present once such a namespace was created
//   NODE/.lock, .restore*    of a restore in progress (simhost/restore.hpp)
//   NODE/lib/                libnvidia-ml.so.1, the node's own copy; libcuda.so.1, a stub
//   NODE/bin/                nvidia-smi, and the same program under other names: displaymodeselector,
//                            nvidia-modprobe
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::sim {

// The environment that a lookup depends on, passed in by the program.
struct Home {
  std::string sim_dir;     // $GPUSLICE_SIM_DIR, or empty
  std::string state_home;  // $XDG_STATE_HOME, or empty
  std::string home;        // $HOME, or empty
  bool root{};
};
[[nodiscard]] Home home_from_environment();

// Inside a node, a link to the node's directory: a process that lost its environment (sudo drops it) still finds the
// node.
inline constexpr const char* inside_mark = "/dev/.gpuslice-node";
// Next to it, a link to the value of node_identity, which distinguishes the node from one created later under the same
// name. It is created last, after everything else inside the node.
inline constexpr const char* inside_identity = "/dev/.gpuslice-identity";
[[nodiscard]] std::string node_identity(const std::string& node);
// The directory of the node inside which this process runs; empty outside of nodes.
[[nodiscard]] std::string node_around();
[[nodiscard]] std::string identity_around();

// The directory whose dev/nvidia-caps decides what this process may see of the node (Driver::open). In a container's
// view it is the view (GPUSLICE_SIM_VIEW); inside the node it is the root directory, which may contain fewer files;
// otherwise it is the node itself.
[[nodiscard]] std::string view_of(const std::string& node);

// The directory of all nodes: $GPUSLICE_SIM_DIR if set, otherwise /var/lib/gpuslice/nodes for root and the user's state
// directory for others.
[[nodiscard]] Result<std::string> nodes_directory(const Home& home);

// Checks whether this process may act on the node (change it, enter it, run its programs). The node and its directory
// must belong to the process's own user or to root, and no other user may be able to write to them. A node holds code
// (its library, bin, boot.d), and a process that acts on the node runs that code. This is the only check; call it
// before opening a node to act on it. Reading a node's state with our own code needs no check. Errors: permission,
// naming the owner.
[[nodiscard]] Result<void> check_owner(const std::string& node);

// 1 to 63 letters, digits, '.', '_' and '-', not starting with '.' or '-'.
[[nodiscard]] Result<void> check_node_name(const std::string& name);

// The directory of an existing node. Error: not_found, listing the nodes that exist.
[[nodiscard]] Result<std::string> find_node(const std::string& nodes, const std::string& name);
// The same, for a node that this process may act on (check_owner).
[[nodiscard]] Result<std::string> find_own_node(const std::string& nodes, const std::string& name);
[[nodiscard]] std::vector<std::string> list_nodes(const std::string& nodes);

}  // namespace gpuslice::sim
