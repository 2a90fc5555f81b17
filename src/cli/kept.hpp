// The layout that a node keeps: its file, and what is in it.
#pragma once

#include <optional>
#include <string>

#include "cli/program.hpp"
#include "model/layout.hpp"
#include "store/kept_file.hpp"

namespace gpuslice::cli {

// /etc/gpuslice/layout.yaml of the host, or below the directory of the simulated node that is meant.
[[nodiscard]] Result<store::KeptFile> kept_file(const CommandLine& line);

// None: no layout is kept. Errors: usage when the file is no layout; permission.
[[nodiscard]] Result<std::optional<model::Layout>> kept_layout(const store::KeptFile& file);

}  // namespace gpuslice::cli
