// The gpuslice program; under the name nvidia-smi, and of other programs of a simulated node, it is their work-alike.
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "base/size_limit.hpp"
#include "cli/node_program.hpp"
#include "cli/program.hpp"
#include "cli/smi_verb.hpp"
#include "ops/stepper.hpp"
#include "simtools/power.hpp"

int main(int argc, char** argv) {
  gpuslice::open_standard_descriptors();  // before anything can open a file
  gpuslice::ignore_size_limit_signal();
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  std::string_view name = argc > 0 ? argv[0] : "gpuslice";
  name = name.substr(name.rfind('/') + 1);
  if (name == "nvidia-smi") return gpuslice::cli::run_smi("", words);  // without a command line: it starts at once
  if (name == "displaymodeselector") return gpuslice::cli::run_display_mode_selector(words);
  if (name == "nvidia-modprobe") return gpuslice::cli::run_nvidia_modprobe(words);
  if (gpuslice::simtools::is_power_program(name)) return gpuslice::cli::run_power_program(std::string(name), words);
  const int status = gpuslice::cli::run_program(words, gpuslice::cli::Terminal::of_process());
  // A thread still waits for the driver: nothing may be taken apart under it.
  if (gpuslice::ops::driver_is_stuck()) std::_Exit(status);
  return status;
}
