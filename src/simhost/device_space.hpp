// /dev inside a node: built from nothing. What every program expects is the host's (null, zero, full, random, urandom,
// tty, console, pts, shm, mqueue); the NVIDIA devices are the node's; nothing else of the host's is there, under no name.
//
// The NVIDIA devices are made here and only here: character devices where this user may make them and the host has no
// driver for one of their majors, else plain files of the same modes. Either way nothing of them can be opened as a
// device (nodev) or changed (read-only).
#pragma once

#include "base/result.hpp"
#include "simhost/node_space.hpp"

namespace gpuslice::simhost {

// Puts it over /dev, in a namespace whose mounts are private. True: a file system in memory stays mounted at NODE/space,
// whose capability devices come and go with instances (sim/inner_devices.hpp). Errors: io.
[[nodiscard]] Result<bool> build_devices(const NodeSpace& space);

}  // namespace gpuslice::simhost
