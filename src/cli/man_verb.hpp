// `gpuslice man`: the manual page, generated from the very command line it describes.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/program.hpp"

namespace gpuslice::cli {

void add_man_verb(CLI::App& app, Action& chosen);

}  // namespace gpuslice::cli
