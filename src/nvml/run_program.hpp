// NVIDIA's own programs, run by name for what NVML does not offer on a real driver.
#pragma once

#include <string>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::nvml {

struct Ended {
  int status{};     // of its exit; a program that was killed ends with err_unknown
  std::string out;  // what it printed, where that was kept
};

// Runs `words` and waits. Its standard output is kept, or goes to standard error, where what it says is no data of
// ours. Refused: a program that cannot be started, and one started by a program that was started so (nvidia-smi may be
// ours).
[[nodiscard]] node::Answer<Ended> run_program(std::vector<std::string> words, bool keep_output);

}  // namespace gpuslice::nvml
