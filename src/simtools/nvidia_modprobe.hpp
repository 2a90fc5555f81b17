// The equivalent of nvidia-modprobe on a simulated node. NVIDIA's program loads kernel modules and creates device
// files. In a node the driver is always loaded, and the device files follow from the node's state, so this program only
// checks whether the requested files exist. Options, their spellings and exit statuses are those of NVIDIA's program,
// which is open source (github.com/NVIDIA/nvidia-modprobe).
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "sim/trees.hpp"

namespace gpuslice::simtools {

// Runs `nvidia-modprobe args...` on the driver's files (sim::trees). Returns 0, without output, if all requested files
// exist; 1 otherwise. NVIDIA's program prints nothing on failure either; the line on `err` that names the missing file
// is ours.
int run_nvidia_modprobe(const std::vector<sim::TreeEntry>& tree, std::string_view driver_version,
                        const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

}  // namespace gpuslice::simtools
