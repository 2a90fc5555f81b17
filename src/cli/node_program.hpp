// The programs of a simulated node besides nvidia-smi: this one, under their names. Outside of a node they refuse.
#pragma once

#include <string>
#include <vector>

namespace gpuslice::cli {

// Runs `displaymodeselector ARGUMENTS`; the exit status.
int run_display_mode_selector(const std::vector<std::string>& arguments);
// Runs `nvidia-modprobe ARGUMENTS`.
int run_nvidia_modprobe(const std::vector<std::string>& arguments);

}  // namespace gpuslice::cli
