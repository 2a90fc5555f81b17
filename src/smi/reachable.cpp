#include "smi/reachable.hpp"

#include <fmt/format.h>

namespace gpuslice::smi {

// nvidia-smi reports every other code as an unknown error.
const char* why_unreachable(int code) {
  return code == node::err_gpu_is_lost ? "GPU is lost.  Reboot the system to recover this GPU\n\n" : "Unknown Error";
}

std::optional<int> leave_out_unreachable(node::Node& node, std::vector<GpuIndex>& gpus, std::ostream& out,
                                         std::ostream& err) {
  const bool any = !gpus.empty();
  bool forbidden = false;
  std::erase_if(gpus, [&](GpuIndex gpu) {
    const auto reachable = node.identity().reachable(gpu);
    if (reachable) return false;
    if (reachable.error().code == node::err_no_permission) {
      forbidden = true;
      return true;
    }
    const auto address = node.identity().address(gpu);
    err << fmt::format("Unable to determine the device handle for GPU{}: {}: {}\n", gpu.value,
                       address ? *address : "Unknown", why_unreachable(reachable.error().code));
    return true;
  });
  if (!any || !gpus.empty()) return std::nullopt;
  if (forbidden) {
    out << "No devices were found. Please make sure /dev/nvidia* files are readable by current user.\n";
    return node::err_no_permission;
  }
  out << "No devices were found\n";
  return node::err_not_found;
}

}  // namespace gpuslice::smi
