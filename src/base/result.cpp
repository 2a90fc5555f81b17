#include "base/result.hpp"

#include <cerrno>
#include <system_error>

namespace gpuslice {

std::unexpected<Error> fail_errno(std::string object, std::string what, int error_number, Hint hint) {
  auto kind = ErrorKind::io;
  switch (error_number) {
    case ENOENT:
      kind = ErrorKind::not_found;
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      kind = ErrorKind::permission;
      break;
    case EEXIST:
      kind = ErrorKind::exists;
      break;
    case EBUSY:
    case EWOULDBLOCK:
      kind = ErrorKind::busy;
      break;
    default:
      break;
  }
  what += ": ";
  what += std::generic_category().message(error_number);
  return fail(kind, std::move(object), std::move(what), std::move(hint));
}

}  // namespace gpuslice
