// Writes a tree of entries into a directory, for use by a mount namespace or by a program that accepts another root
// directory.
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

// Does the same in an existing directory. Errors: io.
[[nodiscard]] Result<void> put_trees(const std::string& root, const std::vector<TreeEntry>& entries);

// Creates or replaces a plain file. Errors: permission, io.
[[nodiscard]] Result<void> write_file(const std::string& path, const std::string& text);

// How many processors this host has, online or not: NVML on a node reports the same number.
[[nodiscard]] std::uint32_t host_processors();

// True if this process can create device files in the directory. Tries with a major that no driver can have.
[[nodiscard]] bool may_make_devices(const std::string& directory);

// The mode of a directory of the tree. If not root, the owner must be able to write even if the recorded mode does not
// allow it to anyone.
[[nodiscard]] mode_t directory_mode(mode_t recorded);

}  // namespace gpuslice::sim
