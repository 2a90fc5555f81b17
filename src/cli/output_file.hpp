// Writes a file that the user named as an output.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gpuslice::cli {

// Writes `text` to `path`. A regular or new file is replaced as a whole or left unchanged, so that no half-written
// layout can be applied. A device, a pipe or the target of a symbolic link is written in place. Errors give the
// system's reason: "No space left on device".
[[nodiscard]] Result<void> write_output(const std::string& path, std::string_view text);

}  // namespace gpuslice::cli
