// Writes a tree of entries into a directory: for a mount namespace, or a program that takes a root directory.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sim/trees.hpp"

namespace gpuslice::sim {

// Creates `root` (which must not exist) with every entry below it: /dev/nvidia0 becomes ROOT/dev/nvidia0. Devices
// become plain files. Errors: exists, io.
[[nodiscard]] Result<void> write_trees(const std::string& root, const std::vector<TreeEntry>& entries);

// The same into an existing directory. Errors: io.
[[nodiscard]] Result<void> put_trees(const std::string& root, const std::vector<TreeEntry>& entries);

// Creates or replaces a plain file. Errors: permission, io.
[[nodiscard]] Result<void> write_file(const std::string& path, const std::string& text);

// How many processors this host has, in use or not: NVML reports the same number on a node.
[[nodiscard]] std::uint32_t host_processors();

// Whether device nodes can be created in the directory: tries with a major that no driver can have.
[[nodiscard]] bool may_make_devices(const std::string& directory);

// The mode of a directory of the tree. Without root, the owner must be able to write even where the recorded mode
// forbids it to everyone.
[[nodiscard]] mode_t directory_mode(mode_t recorded);

}  // namespace gpuslice::sim
