// Copies files and directories of a node.
#pragma once

#include <filesystem>
#include <system_error>

#include "base/result.hpp"

namespace gpuslice::simhost {

// Whether to refuse or to replace a file that already exists.
enum class Existing { refuse, replace };
// Copies a file with its mode. Unlike std::filesystem::copy_file, which reports "Input/output error", it returns the
// actual reason if the disk is full or a limit is reached. If it fails, no partial file is left behind.
[[nodiscard]] std::error_code copy_plain_file(const std::filesystem::path& from, const std::filesystem::path& to,
                                              Existing existing = Existing::refuse);

// Copies the directory `from` to `to`, which must not exist. Does nothing if `from` does not exist. Errors: io,
// permission.
[[nodiscard]] Result<void> copy_tree(const std::filesystem::path& from, const std::filesystem::path& to);
// Copies a store, except for its file "lock", which belongs to the process that is changing the original. Creates an
// empty `to` if `from` does not exist.
[[nodiscard]] Result<void> copy_store(const std::filesystem::path& from, const std::filesystem::path& to);

// Converts a std::filesystem error to an Error.
[[nodiscard]] Error file_error(const std::filesystem::path& path, const std::string& what,
                               const std::error_code& error);

}  // namespace gpuslice::simhost
