#include "ops/driver_error.hpp"

namespace gpuslice::ops {

Error driver_error(const std::string& object, const std::string& doing, const node::DriverError& answer) {
  Error error{ErrorKind::unknown, object, "cannot " + doing + ": the driver answers " + answer.text, ""};
  switch (answer.code) {
    case node::err_no_permission:
      error.kind = ErrorKind::permission;
      error.hint = "run it as root, or open the MIG capability config to this user";
      break;
    case node::err_in_use:
      error.kind = ErrorKind::refused;
      error.hint = "gpuslice list, to see who uses it";
      break;
    case node::err_not_supported:
      error.kind = ErrorKind::unsupported;
      break;
    case node::err_not_found:
      error.kind = ErrorKind::not_found;
      error.hint = "gpuslice list";
      break;
    case node::err_insufficient_resources:
      error.kind = ErrorKind::refused;
      error.hint = "gpuslice placements, to see what is free";
      break;
    case node::err_gpu_is_lost:
      error.hint = "look for an Xid in the kernel log; a reset or reboot brings the GPU back";
      break;
    default:
      break;
  }
  return error;
}

}  // namespace gpuslice::ops
