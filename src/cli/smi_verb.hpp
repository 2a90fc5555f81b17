// `gpuslice smi`, and the program under the name nvidia-smi: the work-alike on the driver that answers here.
#pragma once

#include <string>
#include <vector>

#include "cli/node_choice.hpp"

namespace gpuslice::cli {

// Runs `nvidia-smi ARGUMENTS`; the exit status.
int run_smi(const NodeChoice& node, const std::vector<std::string>& arguments);
// What `nvidia-smi SUBCOMMAND -h` prints; without a subcommand, `nvidia-smi -h`.
[[nodiscard]] std::string smi_help(std::vector<std::string> subcommand);

}  // namespace gpuslice::cli
