// The mounts of a namespace that is being built, as small steps that report errors.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::confine {

// True if the path exists, even as a dangling link.
[[nodiscard]] bool exists(const std::string& path);
// The names of the entries, ascending; empty if the directory cannot be read.
[[nodiscard]] std::vector<std::string> names_in(const std::string& directory);
[[nodiscard]] Result<void> put_text(const std::string& path, const std::string& text, mode_t mode);

// Converts the result of mount(2) to an error about the target.
[[nodiscard]] Result<void> mounted(int result, const std::string& target);
// Binds `source`, including the mounts below it, over `target`.
[[nodiscard]] Result<void> put_over(const std::string& source, const std::string& target);
// Creates `target` and shows `source` there: a link is copied, everything else is bound. Does nothing if there is no
// source.
[[nodiscard]] Result<void> show(const std::string& source, const std::string& target);
// Remounts it read-only, and so that its device files cannot be opened (nodev).
[[nodiscard]] Result<void> look_only(const std::string& path);

}  // namespace gpuslice::confine
