// `gpuslice resolve DEVICE`: which GPU or MIG device a CUDA_VISIBLE_DEVICES value means.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/program.hpp"

namespace gpuslice::cli {

void add_resolve_verb(CLI::App& app, const std::string& node, Action& chosen);

}  // namespace gpuslice::cli
