// A tree of entries written into a directory: what a mount namespace, or a program that takes a root, looks at.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sim/trees.hpp"

namespace gpuslice::sim {

// Makes `root` (which must not exist) with every entry below it: /dev/nvidia0 becomes ROOT/dev/nvidia0. Devices are
// plain files. Errors: exists, io.
[[nodiscard]] Result<void> write_trees(const std::string& root, const std::vector<TreeEntry>& entries);

// The same into a directory that is there. Errors: io.
[[nodiscard]] Result<void> put_trees(const std::string& root, const std::vector<TreeEntry>& entries);

// Makes or replaces a plain file. Errors: permission, io.
[[nodiscard]] Result<void> write_file(const std::string& path, const std::string& text);

// How many processors this host has, in use or not: what NVML says of a node too.
[[nodiscard]] std::uint32_t host_processors();

// Whether device nodes can be made in the directory: tries with a major that no driver can have.
[[nodiscard]] bool may_make_devices(const std::string& directory);

// The mode of a directory of the tree. Who is not root must be able to write where the recorded mode forbids it to all.
[[nodiscard]] mode_t directory_mode(mode_t recorded);

}  // namespace gpuslice::sim
