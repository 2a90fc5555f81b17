// Files that survive a kill and a full disk: replaced as a whole, or extended by whole lines, and synced to disk when
// the call returns. Only plain files are read or written. Symbolic links are not followed, because anybody who can
// write to the directory could redirect another user's command with one.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::store {

// Errors: not_found if there is no file; damaged if it is not a regular file or is larger than any that gpuslice
// writes.
[[nodiscard]] Result<std::string> read_file(const std::string& path);

// After a kill or failure at any point, the file has either its old or its new text. Mode 0644.
[[nodiscard]] Result<void> replace_file(const std::string& path, const std::string& text);

// Appends `line` and a line end in one write and syncs the file. If the last line is incomplete (after a kill), a line
// end is written first, so that the new line is intact.
enum class Missing { make, fail };  // what to do when the file does not exist
[[nodiscard]] Result<void> append_line(const std::string& path, const std::string& line, Missing missing);

// Renames `path` to "PATH.damaged-N" with the first free N, and returns the new name.
[[nodiscard]] Result<std::string> set_file_aside(const std::string& path);

// Syncs a directory, so that files created, renamed or removed in it are on disk.
[[nodiscard]] Result<void> sync_directory(const std::string& path);

}  // namespace gpuslice::store
