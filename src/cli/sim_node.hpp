// The simulated node that a `sim` verb names, found by its name.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::cli {

// The folder that holds this user's nodes.
[[nodiscard]] Result<std::string> nodes_directory();

// The directory of an existing node that this user may act on (sim::check_owner); node_to_read: for verbs that only
// read, of any user's.
[[nodiscard]] Result<std::string> node_directory(const std::string& name);
[[nodiscard]] Result<std::string> node_to_read(const std::string& name);

}  // namespace gpuslice::cli
