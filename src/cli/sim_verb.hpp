// `gpuslice sim`: make, enter, and end simulated nodes.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "base/result.hpp"

namespace gpuslice::cli {

// Adds the subcommands to `sim`. The one that the command line names leaves what it does in `chosen`: run it after
// parsing; it returns the exit status, or the error to show.
void add_sim_verbs(CLI::App& sim, std::function<Result<int>()>& chosen);

}  // namespace gpuslice::cli
