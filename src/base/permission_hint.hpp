// What to type next when the system denies opening, creating or writing a file.
#pragma once

#include <string>

namespace gpuslice {

// Returns `as_whom` ("run as root") if another user has permission and this user is not root; a findmnt command if the
// file system is read-only, because then no user can write to it; empty for root and for other errors.
[[nodiscard]] std::string permission_hint(int error_number, const std::string& path, std::string as_whom, bool root);
// The same for the user who runs this program.
[[nodiscard]] std::string permission_hint(int error_number, const std::string& path, std::string as_whom);

}  // namespace gpuslice
