// A file named on the command line, or standard input: the one reader of what people hand in.
//
// Rule: layouts, recipes and inventories are read through here, with a limit; nothing is read without end, and nothing
// is waited for but a pipe that somebody holds open.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::cli {

// A saved inventory has its GPUs' profiles and places in it: 32 GPUs take about 4 MiB. Layouts and recipes, which
// people write, have spec::max_file_bytes.
inline constexpr std::size_t max_inventory_bytes = 16U << 20U;

// The text of `path`, or of standard input for "-", at most `limit` bytes. Errors name the file: usage where it is
// larger, a socket, a block device or a FIFO into which nobody writes; else what the system says (a directory, no such
// file).
[[nodiscard]] Result<std::string> read_input(const std::string& path, std::size_t limit);

}  // namespace gpuslice::cli
