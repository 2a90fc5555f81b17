// Copies files and directories of a node.
#pragma once

#include <filesystem>
#include <system_error>

#include "base/result.hpp"

namespace gpuslice::simhost {

// What happens to a file that exists already.
enum class Existing { refuse, replace };
// Copies a file with its mode. Unlike std::filesystem::copy_file it keeps the reason where the disk is full or a limit
// is reached: that one says "Input/output error". Leaves nothing behind where it fails.
[[nodiscard]] std::error_code copy_plain_file(const std::filesystem::path& from, const std::filesystem::path& to,
                                              Existing existing = Existing::refuse);

// Copies the directory `from` to `to`, which must not exist. Does nothing when `from` does not exist. Errors: io,
// permission.
[[nodiscard]] Result<void> copy_tree(const std::filesystem::path& from, const std::filesystem::path& to);
// The same for a store, without its file "lock", which belongs to the process that is changing the original. Creates an
// empty `to` when `from` does not exist.
[[nodiscard]] Result<void> copy_store(const std::filesystem::path& from, const std::filesystem::path& to);

// Converts a std::filesystem error to an Error.
[[nodiscard]] Error file_error(const std::filesystem::path& path, const std::string& what,
                               const std::error_code& error);

}  // namespace gpuslice::simhost
