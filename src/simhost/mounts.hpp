// Mounts of a namespace that is being built: small steps with their errors.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::simhost {

// Whether there is anything of that name, a link that leads nowhere too.
[[nodiscard]] bool exists(const std::string& path);
// Ascending; empty when it cannot be read.
[[nodiscard]] std::vector<std::string> names_in(const std::string& directory);
[[nodiscard]] Result<void> put_text(const std::string& path, const std::string& text, mode_t mode);

// The result of mount(2) as an error of the target.
[[nodiscard]] Result<void> mounted(int result, const std::string& target);
// Binds `source`, with what is mounted below it, over `target`.
[[nodiscard]] Result<void> put_over(const std::string& source, const std::string& target);
// `source` at `target`, which is made: a link as a link, all else bound. Nothing when there is no source.
[[nodiscard]] Result<void> show(const std::string& source, const std::string& target);
// What is mounted there can be looked at, not changed, and its device files cannot be opened.
[[nodiscard]] Result<void> look_only(const std::string& path);

}  // namespace gpuslice::simhost
