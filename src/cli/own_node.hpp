// Prepares a simulated node of this user before this program acts on it, and names the files that such nodes are given.
#pragma once

#include <string>

#include "base/result.hpp"
#include "simhost/create_node.hpp"

namespace gpuslice::cli {

// The library that simulated nodes get. In a build tree it is at bin/../lib, in an installation at bin/../lib/gpuslice.
// Errors: not_found.
[[nodiscard]] Result<std::string> own_library();
// All files that a simulated node gets. Errors: not_found.
[[nodiscard]] Result<simhost::NodeParts> own_parts();

// Finishes interrupted work on the node, and upgrades a node that an earlier gpuslice created. Errors: busy while a
// client holds a GPU of a node that must be upgraded; damaged, unsupported, not_found, permission, io.
[[nodiscard]] Result<void> prepare_node(const std::string& node);

}  // namespace gpuslice::cli
