// The programs of a simulated node other than nvidia-smi: gpuslice under their names. Outside a node they refuse to
// run.
#pragma once

#include <string>
#include <vector>

namespace gpuslice::cli {

// Runs `displaymodeselector ARGUMENTS`; the exit status.
int run_display_mode_selector(const std::vector<std::string>& arguments);
// Runs `nvidia-modprobe ARGUMENTS`.
int run_nvidia_modprobe(const std::vector<std::string>& arguments);
// Runs reboot, shutdown, systemctl or another program of simtools/power.hpp, selected by its name.
int run_power_program(const std::string& name, const std::vector<std::string>& arguments);

}  // namespace gpuslice::cli
