// Files that survive a kill and a full disk: replaced as a whole, or grown by whole lines, and on the disk when the
// call returns. Only plain files are read or written: a link in the place of one is not followed, because whoever may
// write into the directory could lead another user's command elsewhere.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::store {

// not_found when there is none, damaged when it is no plain file or larger than anything that gpuslice writes.
[[nodiscard]] Result<std::string> read_file(const std::string& path);

// The file has either its old or its new text, whatever happens. Mode 0644.
[[nodiscard]] Result<void> replace_file(const std::string& path, const std::string& text);

// Appends `line` and a line end by one write, and makes sure it is on the disk. A line that was cut off before (by a
// kill) is ended first, so that it spoils no other.
enum class Missing { make, fail };  // what happens when the file is not there
[[nodiscard]] Result<void> append_line(const std::string& path, const std::string& line, Missing missing);

// Renames `path` to "PATH.damaged-N", the first N that is free; the new name.
[[nodiscard]] Result<std::string> set_file_aside(const std::string& path);

// Makes sure that what was made, renamed or removed in a directory is on the disk.
[[nodiscard]] Result<void> sync_directory(const std::string& path);

}  // namespace gpuslice::store
