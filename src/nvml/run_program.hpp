// Runs NVIDIA's own programs, by name, for functions that NVML does not have on a real driver.
#pragma once

#include <string>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::nvml {

struct Ended {
  int status{};     // its exit status; err_unknown if it was killed by a signal
  std::string out;  // its output, if it was kept
};

// Runs `words` and waits. Its standard output is kept, or goes to standard error if we need no data from it. Refused if
// the program cannot be started, or if this process was itself started by run_program: `nvidia-smi` may be gpuslice
// under that name, and would start itself without end.
[[nodiscard]] node::Answer<Ended> run_program(std::vector<std::string> words, bool keep_output);

}  // namespace gpuslice::nvml
