// Snapshots of a simulated node: saving, restoring, and cloning a node.
//
// A snapshot contains what the disk and the GPUs of a host would keep: the state (modes, instances, faults and
// latencies) and gpuslice's records about the node (names, history). It contains no clients: restoring is like booting
// the host with that state. It is stored in NODE/snapshots/NAME and deleted with the node.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::simhost {

struct Snapshot {
  std::string name;
  std::string taken;  // "2026-11-21T04:17:21Z"
  unsigned gpu_instances{}, compute_instances{};
};

// `node` is the node's directory. Errors: exists, usage (not a valid name for a snapshot), permission, io.
[[nodiscard]] Result<void> take_snapshot(const std::string& node, const std::string& name);
// The node's snapshots, ascending by name.
[[nodiscard]] Result<std::vector<Snapshot>> snapshots(const std::string& node);
// Errors: not_found, listing the existing snapshots; refused while a client holds a GPU; damaged; io.
[[nodiscard]] Result<void> restore_snapshot(const std::string& node, const std::string& name);
[[nodiscard]] Result<void> delete_snapshot(const std::string& node, const std::string& name);

// Creates NODES/NAME as a copy of the current NODES/FROM with the same identities, but without its snapshots and
// clients. Errors: not_found, exists, io.
[[nodiscard]] Result<std::string> clone_node(const std::string& nodes, const std::string& from,
                                             const std::string& name);

}  // namespace gpuslice::simhost
