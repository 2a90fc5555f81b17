// Finds the simulated node that a `sim` command names.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::cli {

// The directory that contains this user's nodes.
[[nodiscard]] Result<std::string> nodes_directory();

// The directory of an existing node that this user may act on (sim::check_owner). node_to_read: the same for commands
// that only read, of any user's node.
[[nodiscard]] Result<std::string> node_directory(const std::string& name);
[[nodiscard]] Result<std::string> node_to_read(const std::string& name);

}  // namespace gpuslice::cli
