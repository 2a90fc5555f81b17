// Mounts of a namespace that is being built: small steps with their errors.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::confine {

// Whether the path exists; a dangling link counts.
[[nodiscard]] bool exists(const std::string& path);
// Ascending; empty when the directory cannot be read.
[[nodiscard]] std::vector<std::string> names_in(const std::string& directory);
[[nodiscard]] Result<void> put_text(const std::string& path, const std::string& text, mode_t mode);

// The result of mount(2) as an error of the target.
[[nodiscard]] Result<void> mounted(int result, const std::string& target);
// Binds `source`, with what is mounted below it, over `target`.
[[nodiscard]] Result<void> put_over(const std::string& source, const std::string& target);
// Creates `target` and shows `source` there: a link as a link, everything else bound. Does nothing without a source.
[[nodiscard]] Result<void> show(const std::string& source, const std::string& target);
// Makes the mount read-only, and its device files unusable (nodev).
[[nodiscard]] Result<void> look_only(const std::string& path);

}  // namespace gpuslice::confine
