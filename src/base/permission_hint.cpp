#include "base/permission_hint.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace gpuslice {

std::string permission_hint(int error_number, const std::string& path, std::string as_whom, bool root) {
  if (error_number == EROFS) {
    // The path may be the file that could not be created; findmnt needs a path that exists.
    std::string there = path;
    while (there.size() > 1 && ::access(there.c_str(), F_OK) != 0) {
      const auto slash = there.rfind('/');
      there = slash == std::string::npos ? "." : slash == 0 ? "/" : there.substr(0, slash);
      if (there == ".") break;
    }
    std::string quoted = "'";
    for (const char c : there) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return "findmnt -T " + quoted + "'";
  }
  const bool forbidden = error_number == EACCES || error_number == EPERM;
  return forbidden && !root ? std::move(as_whom) : std::string{};
}

std::string permission_hint(int error_number, const std::string& path, std::string as_whom) {
  return permission_hint(error_number, path, std::move(as_whom), ::geteuid() == 0);
}

}  // namespace gpuslice
