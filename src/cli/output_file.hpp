// A file that a command was told to write.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gpuslice::cli {

// Writes `text` to `path`. A plain file, or one that does not exist yet, has all of the text or is as it was: a layout
// of which half is written could be applied. A device, a pipe or what a symbolic link leads to is written in place.
// Errors say why: "No space left on device".
[[nodiscard]] Result<void> write_output(const std::string& path, std::string_view text);

}  // namespace gpuslice::cli
