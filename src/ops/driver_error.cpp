#include "ops/driver_error.hpp"

#include <cerrno>

#include "base/permission_hint.hpp"

namespace gpuslice::ops {

Error driver_error(const std::string& object, const std::string& doing, const node::DriverError& answer) {
  Error error{ErrorKind::unknown, object,     "cannot " + doing + ": the driver answers " + answer.text, "",
              answer.code,        answer.text};
  switch (answer.code) {
    case node::err_no_permission:
      error.kind = ErrorKind::permission;
      error.hint = permission_hint(EPERM, "/", "run as root, or as a user who may open the MIG capability config");
      break;
    case node::err_in_use:
      error.kind = ErrorKind::refused;
      error.hint = Hint::gpuslice({"list"});
      break;
    case node::err_not_supported:
      error.kind = ErrorKind::unsupported;
      break;
    case node::err_not_found:
      error.kind = ErrorKind::not_found;
      error.hint = Hint::gpuslice({"list"});
      break;
    case node::err_insufficient_resources:
      error.kind = ErrorKind::refused;
      error.hint = Hint::gpuslice({"placements"});
      break;
    case node::err_gpu_is_lost:
      error.what += "; the kernel log contains its Xid; reset the GPU or reboot the node to recover it";
      error.hint = Hint::gpuslice({"list"});
      break;
    default:
      break;
  }
  return error;
}

}  // namespace gpuslice::ops
