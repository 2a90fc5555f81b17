// `gpuslice completion SHELL`: completion scripts, generated from the very command line they complete.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/program.hpp"

namespace gpuslice::cli {

void add_completion_verb(CLI::App& app, Action& chosen);

}  // namespace gpuslice::cli
