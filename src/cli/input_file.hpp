// Reads a file named on the command line, or standard input.
// Rule: all layouts, recipes and inventories are read through this function. It limits the size, and it blocks only on
// a pipe that has a writer.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::cli {

// A saved inventory includes the profiles and placements of its GPUs: 32 GPUs take about 4 MiB. Layouts and recipes,
// which people write, are limited to spec::max_file_bytes.
inline constexpr std::size_t max_inventory_bytes = 16U << 20U;

// The text of `path`, or of standard input for "-", at most `limit` bytes. Errors name the file: usage for a larger
// file, a socket, a block device, or a FIFO without a writer; otherwise the system's error (a directory, no such file).
[[nodiscard]] Result<std::string> read_input(const std::string& path, std::size_t limit);

}  // namespace gpuslice::cli
