// Reads a small file of the kernel, such as those of /proc.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::hostfiles {

// The first `most` bytes of a file. Errors, with the path as the object: not_found when it does not exist, or the
// process it is about has ended; permission; io.
[[nodiscard]] Result<std::string> read_text(const std::string& path, std::size_t most);

}  // namespace gpuslice::hostfiles
