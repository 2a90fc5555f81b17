// A mount namespace that shows a simulated node's files at their absolute paths and hides the host's NVIDIA files. It
// applies to everything a command inside the node reads, however the command was started, sudo included.
//
// The node's directory provides /proc/driver/nvidia*, the device files and the PCI devices; the host provides
// everything else. Where a directory of the host must gain or lose entries, it is replaced by a tmpfs with the host's
// other entries bound into it. Nothing on the host's file systems is changed, and the namespace disappears with the
// last process inside.
//
// A simulation never reaches a real card: inside, the host's NVIDIA devices do not exist, the node's own cannot be
// opened as devices (nodev), and none can be created (CAP_MKNOD is dropped for good).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::simhost {

struct NodeSpace {
  std::string node;                   // the node's directory
  std::string tree;                   // whose proc, sys and dev are shown: the node's, or a container's view of it
  std::vector<std::string> programs;  // names in NODE/bin that replace the host's programs
};

// Moves this process into the namespace; its children inherit it. Returns what could not be shown, as text (for
// example, a kernel without /proc/modules). Errors: permission when namespaces are not allowed here, with nothing
// changed that a command could see; io when a part could not be built: the process must not go on.
[[nodiscard]] Result<std::vector<std::string>> enter_space(const NodeSpace& space);

}  // namespace gpuslice::simhost
