// `gpuslice products`, `profiles`, `placements` and `layouts`: what a product can do, with no node at all.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/program.hpp"

namespace gpuslice::cli {

void add_catalogue_verbs(CLI::App& app, Action& chosen);

}  // namespace gpuslice::cli
