// The programs of a simulated node besides nvidia-smi: this one, under their names. Outside of a node they refuse.
#pragma once

#include <string>
#include <vector>

namespace gpuslice::cli {

// Runs `displaymodeselector ARGUMENTS`; the exit status.
int run_display_mode_selector(const std::vector<std::string>& arguments);
// Runs `nvidia-modprobe ARGUMENTS`.
int run_nvidia_modprobe(const std::vector<std::string>& arguments);
// Runs reboot, shutdown, systemctl or another of simtools/power.hpp, by its name.
int run_power_program(const std::string& name, const std::vector<std::string>& arguments);

}  // namespace gpuslice::cli
