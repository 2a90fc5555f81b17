// `gpuslice smi`, and the program under the name nvidia-smi: the nvidia-smi work-alike on the selected driver.
#pragma once

#include <string>
#include <vector>

#include "cli/node_choice.hpp"

namespace gpuslice::cli {

// Runs `nvidia-smi ARGUMENTS`; the exit status.
int run_smi(const NodeChoice& node, const std::vector<std::string>& arguments);
// The text of `nvidia-smi SUBCOMMAND -h`; without a subcommand, of `nvidia-smi -h`.
[[nodiscard]] std::string smi_help(std::vector<std::string> subcommand);

}  // namespace gpuslice::cli
