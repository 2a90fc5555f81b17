// Runs NVIDIA's own programs, found by name, for functions of a real driver that NVML does not offer.
#pragma once

#include <string>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::nvml {

struct Ended {
  int status{};     // its exit status; err_unknown if it was killed by a signal
  std::string out;  // its output, if `keep_output` was set
};

// Runs the command `words` and waits for it. Its standard output is kept with `keep_output`, and goes to standard error
// otherwise. Refused if the program cannot be started, or if this process was itself started by run_program:
// `nvidia-smi` may be gpuslice under that name, and would start itself endlessly.
[[nodiscard]] node::Answer<Ended> run_program(std::vector<std::string> words, bool keep_output);

}  // namespace gpuslice::nvml
