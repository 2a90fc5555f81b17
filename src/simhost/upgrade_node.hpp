// Upgrades a simulated node that an earlier gpuslice created: its libraries and programs first, then its state.
//
// The order matters, because this program's library reads the state of both versions: a kill in between leaves a node
// that works, and the next command completes the upgrade.
#pragma once

#include <string>

#include "base/result.hpp"
#include "simhost/create_node.hpp"

namespace gpuslice::simhost {

// Does nothing to a node whose state this program can write as it is. Only for a node that check_owner allows
// (sim/node_dir.hpp). Errors: busy while a client holds a GPU, because the client's library could no longer write the
// state; damaged, unsupported, permission, io.
[[nodiscard]] Result<void> upgrade_node(const std::string& node, const NodeParts& parts);

}  // namespace gpuslice::simhost
