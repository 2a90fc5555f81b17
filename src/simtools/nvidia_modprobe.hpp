// The work-alike of nvidia-modprobe on a simulated node. NVIDIA's loads kernel modules and makes device files; in a
// node the driver is always loaded, and the device files are a projection of the node's state, so this one looks
// whether what it is asked for is there. Options, their spellings and statuses are those of NVIDIA's program, which is
// open source.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "sim/trees.hpp"

namespace gpuslice::simtools {

// Runs `nvidia-modprobe args...` over what the driver shows in files (sim::trees). The exit status: 0, without a word,
// when all of it is there; 1 otherwise. NVIDIA's program is silent then, too; the line on `err` that names what is
// missing is ours.
int run_nvidia_modprobe(const std::vector<sim::TreeEntry>& tree, std::string_view driver_version,
                        const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

}  // namespace gpuslice::simtools
