// The gpuslice program. Under the name nvidia-smi, or of another program of a simulated node, it acts as that program.
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "base/size_limit.hpp"
#include "cli/node_program.hpp"
#include "cli/program.hpp"
#include "cli/smi_verb.hpp"
#include "simtools/power.hpp"

int main(int argc, char** argv) {
  gpuslice::open_standard_descriptors();  // before anything can open a file
  gpuslice::ignore_size_limit_signal();
  gpuslice::cli::use_standard_output();
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  std::string_view name = argc > 0 ? argv[0] : "gpuslice";
  name = name.substr(name.rfind('/') + 1);
  if (name == "nvidia-smi")
    return gpuslice::cli::run_smi({}, words);  // without building the command line, to start fast
  if (name == "displaymodeselector") return gpuslice::cli::run_display_mode_selector(words);
  if (name == "nvidia-modprobe") return gpuslice::cli::run_nvidia_modprobe(words);
  if (gpuslice::simtools::is_power_program(name)) return gpuslice::cli::run_power_program(std::string(name), words);
  if (const auto ended = gpuslice::cli::run_if_smi(words)) return *ended;
  const auto line = gpuslice::cli::make_command_line(gpuslice::cli::Terminal::of_process());
  const int status = gpuslice::cli::run_program(*line, words);
  // Destroying the command line waits for the drivers, and a hung driver may never answer.
  if (line->driver_is_hung()) std::_Exit(status);
  return status;
}
