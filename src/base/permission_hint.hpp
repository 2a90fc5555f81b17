// What to type next when the system does not let a file be opened, made or written.
#pragma once

#include <string>

namespace gpuslice {

// `as_whom` ("run as root") where another user may and this one is not root; `findmnt` where the file system is
// read-only, which no user can write to; nothing for root, whom no other user can help, and for other errors.
[[nodiscard]] std::string permission_hint(int error_number, const std::string& path, std::string as_whom, bool root);
// The same for the user that runs this program.
[[nodiscard]] std::string permission_hint(int error_number, const std::string& path, std::string as_whom);

}  // namespace gpuslice
