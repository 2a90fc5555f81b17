// A simulated node as it is at a moment, kept and put back; and a second node made of it.
//
// Kept is what a node's disk and its GPUs would keep: the state (modes, instances, what is ordered for calls) and what
// gpuslice wrote down about it (names, history). Clients are not: a snapshot is put back as if the host had started
// with it. It stands in NODE/snapshots/NAME and goes with the node.
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

// `node` is the node's directory. Errors: exists, usage (no name for a snapshot), permission, io.
[[nodiscard]] Result<void> take_snapshot(const std::string& node, const std::string& name);
// Ascending by name.
[[nodiscard]] Result<std::vector<Snapshot>> snapshots(const std::string& node);
// Errors: not_found names those there are; refused while a client holds a GPU; damaged; io.
[[nodiscard]] Result<void> restore_snapshot(const std::string& node, const std::string& name);
[[nodiscard]] Result<void> delete_snapshot(const std::string& node, const std::string& name);

// Makes NODES/NAME, the same machine (identities too) as NODES/FROM is now. Without its snapshots and clients.
// Errors: not_found, exists, io.
[[nodiscard]] Result<std::string> clone_node(const std::string& nodes, const std::string& from,
                                             const std::string& name);

}  // namespace gpuslice::simhost
