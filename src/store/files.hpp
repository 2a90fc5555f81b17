// Files that survive a kill and a full disk: replaced as a whole, or grown by whole lines, and on the disk when the
// call returns.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::store {

// not_found when there is none.
[[nodiscard]] Result<std::string> read_file(const std::string& path);

// The file has either its old or its new text, whatever happens. Mode 0644.
[[nodiscard]] Result<void> replace_file(const std::string& path, const std::string& text);

// Appends `line` and a line end by one write, and makes sure it is on the disk. A line that was cut off before (by a
// kill) is ended first, so that it spoils no other.
[[nodiscard]] Result<void> append_line(const std::string& path, const std::string& line);

// Makes sure that what was made, renamed or removed in a directory is on the disk.
[[nodiscard]] Result<void> sync_directory(const std::string& path);

}  // namespace gpuslice::store
