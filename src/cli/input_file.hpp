// A file named on the command line, or standard input.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::cli {

// The text of `path`, or of standard input for "-". At most `limit` + 1 bytes are read: no more than it takes to see
// that a file is too large.
[[nodiscard]] Result<std::string> read_input(const std::string& path, std::size_t limit);

}  // namespace gpuslice::cli
