// A simulated node of this user, before this program acts on it; and what this program gives to such nodes.
#pragma once

#include <string>

#include "base/result.hpp"
#include "simhost/create_node.hpp"

namespace gpuslice::cli {

// The library that simulated nodes get: beside the program in a build tree (bin/../lib), or where an installation keeps
// it. Errors: not_found.
[[nodiscard]] Result<std::string> own_library();
// All that they get. Errors: not_found.
[[nodiscard]] Result<simhost::NodeParts> own_parts();

// Finishes what was cut off, and upgrades a node that an earlier gpuslice made. Errors: busy while a client holds a GPU
// of a node that must be upgraded; damaged, unsupported, not_found, permission, io.
[[nodiscard]] Result<void> prepare_node(const std::string& node);

}  // namespace gpuslice::cli
