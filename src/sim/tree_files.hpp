// A tree of entries written into a directory: what a mount namespace, or a program that takes a root, looks at.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "sim/trees.hpp"

namespace gpuslice::sim {

// Makes `root` (which must not exist) with every entry below it: /dev/nvidia0 becomes ROOT/dev/nvidia0. Devices are
// openable files: a device node with a major that the host knows would lead to the host. Errors: exists, io.
[[nodiscard]] Result<void> write_trees(const std::string& root, const std::vector<TreeEntry>& entries);

}  // namespace gpuslice::sim
