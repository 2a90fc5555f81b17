// What to type next when the system does not let a file be opened, made or written.
#pragma once

#include <string>

namespace gpuslice {

// `as_whom` ("run as root") where another user is permitted to and this user is not root; `findmnt` where the file
// system is read-only, since no user can write to it; nothing for root and for other errors.
[[nodiscard]] std::string permission_hint(int error_number, const std::string& path, std::string as_whom, bool root);
// The same for the user that runs this program.
[[nodiscard]] std::string permission_hint(int error_number, const std::string& path, std::string as_whom);

}  // namespace gpuslice
