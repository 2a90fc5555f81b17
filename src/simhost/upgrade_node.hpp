// Upgrades a simulated node that an earlier gpuslice created: its libraries and programs first, then its state.
//
// In this order, because this program's library reads the state of both versions: a kill in between leaves a node that
// works, and the next command completes the upgrade.
#pragma once

#include <string>

#include "base/result.hpp"
#include "simhost/create_node.hpp"

namespace gpuslice::simhost {

// Does nothing to a node whose state this program can write as it is. Only for one's own nodes (sim::check_owner).
// Errors: busy while a client holds a GPU, since its library could no longer write the state; damaged, unsupported,
// permission, io.
[[nodiscard]] Result<void> upgrade_node(const std::string& node, const NodeParts& parts);

}  // namespace gpuslice::simhost
