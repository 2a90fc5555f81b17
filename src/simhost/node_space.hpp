// A mount namespace in which a simulated node's files stand at their absolute paths and the host's NVIDIA things are
// gone: what a command run inside a node sees, whatever it reads and however it was started, sudo included.
//
// The node's directory gives /proc/driver/nvidia*, the device files and the PCI devices; the host gives everything
// else. Where a directory of the host must gain or lose entries, a tmpfs with the host's other entries bound into it
// takes its place. Nothing on the host's file systems is touched, and everything goes with the last process inside.
//
// A simulation never reaches a real card: inside, no NVIDIA device of the host is there, the node's own cannot be
// opened as devices (nodev), and none can be made (CAP_MKNOD is dropped for good).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::simhost {

struct NodeSpace {
  std::string node;                   // the node's directory
  std::string tree;                   // whose proc, sys and dev are shown: the node's, or a container's view of it
  std::vector<std::string> programs;  // names in NODE/bin that take the place of the host's
};

// Moves this process into the namespace; what it starts inherits it. Gives what could not be shown, in words (a kernel
// without /proc/modules has no place for one). Errors: permission when namespaces are not allowed here, with nothing
// changed that a command could see; io when a part could not be built: the process must not go on.
[[nodiscard]] Result<std::vector<std::string>> enter_space(const NodeSpace& space);

}  // namespace gpuslice::simhost
