// Profiles and placements of the GPUs of a node: what the GPUs support, and what can still be created now.
#pragma once

#include <string>
#include <vector>

#include "cli/program.hpp"

namespace gpuslice::cli {

// `gpus`: as ops::select_gpus takes them; empty: all GPUs that support MIG. `output` is table, json or csv.
[[nodiscard]] Result<int> live_profiles(const CommandLine& line, const std::vector<std::string>& gpus,
                                        const std::string& output);
[[nodiscard]] Result<int> live_placements(const CommandLine& line, const std::vector<std::string>& gpus,
                                          const std::string& output);

// The option --gpu LIST of both commands.
void add_live_option(Verb verb, std::vector<std::string>& gpus);

}  // namespace gpuslice::cli
