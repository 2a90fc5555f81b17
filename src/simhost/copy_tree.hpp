// Directories of a node, copied.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace gpuslice::simhost {

// Copies the directory `from` to `to`, which must not exist; nothing when there is no `from`. Errors: io, permission.
[[nodiscard]] Result<void> copy_tree(const std::filesystem::path& from, const std::filesystem::path& to);
// The same of a store. Its file "lock" is not copied: it says which process is at work on the original. `to` is made,
// empty, when there is no `from`.
[[nodiscard]] Result<void> copy_store(const std::filesystem::path& from, const std::filesystem::path& to);

// An error of the file system as one of ours.
[[nodiscard]] Error file_error(const std::filesystem::path& path, const std::string& what, const std::error_code& error);

}  // namespace gpuslice::simhost
