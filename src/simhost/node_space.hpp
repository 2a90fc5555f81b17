// A mount namespace that shows a simulated node's files at their absolute paths and hides the host's NVIDIA files. It
// applies to everything that a command inside the node reads, however the command was started, also through sudo.
//
// The node's directory provides /proc/driver/nvidia*, the device files and the PCI devices; the host provides
// everything else. If entries must be added to or removed from a directory of the host, it is replaced by a tmpfs into
// which the host's other entries are bound. Nothing on the host's file systems is changed, and the namespace disappears
// with the last process inside.
//
// A simulation never reaches a real card: inside, the host's NVIDIA devices do not exist, the node's own cannot be
// opened as devices (nodev), and none can be created (CAP_MKNOD is dropped permanently).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::simhost {

struct NodeSpace {
  std::string node;  // the node's directory
  // The directory whose proc, sys and dev are shown: the node's, or a container's view of it.
  std::string tree;
  std::vector<std::string> programs;  // names in NODE/bin that replace the host's programs
};

// Moves this process into the namespace; its children inherit it. Returns descriptions of what could not be shown (for
// example, /proc/modules of a kernel without it). Errors: permission if namespaces are not allowed here, and then
// nothing has changed that a command could see; io if a part could not be built, and then the process must not
// continue.
[[nodiscard]] Result<std::vector<std::string>> enter_space(const NodeSpace& space);

}  // namespace gpuslice::simhost
