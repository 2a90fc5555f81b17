#include "nvml/device_tree.hpp"

#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "base/number.hpp"

namespace gpuslice::nvml {
namespace {

using Of = node::DeviceNode::Of;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "DeviceFileMinor: 21", the first of the three lines of a capability file.
std::optional<std::uint32_t> capability_minor(const std::string& path) {
  std::istringstream lines(text_of(path));
  std::string key, value;
  while (lines >> key >> value)
    if (key == "DeviceFileMinor:") return parse_number<std::uint32_t>(value);
  return std::nullopt;
}

bool exists(const std::string& path) {
  struct stat found{};
  return ::lstat(path.c_str(), &found) == 0;
}

}  // namespace

std::optional<std::uint32_t> DeviceTree::major_of(std::initializer_list<std::string_view> names) const {
  const auto text = text_of(root_ + "/proc/devices");
  for (const auto wanted : names) {
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) {
      std::istringstream words(line);
      std::string number, name;
      if (words >> number >> name && name == wanted) return parse_number<std::uint32_t>(number);
    }
  }
  return std::nullopt;
}

std::vector<node::DeviceNode> DeviceTree::of_driver() const {
  // Minors: nvidiactl 255 and nvidia-modeset 254 of the driver's major, uvm 0 and uvm-tools 1 of nvidia-uvm's
  // (open-gpu-kernel-modules, nv-chardev-numbers.h and uvm_common.h).
  const auto frontend = major_of({"nvidia", "nvidia-frontend"});
  const auto uvm = major_of({"nvidia-uvm"});
  std::vector<node::DeviceNode> present;
  for (const auto& one : {node::DeviceNode{Of::driver, "/dev/nvidiactl", frontend, 255},
                          node::DeviceNode{Of::driver, "/dev/nvidia-uvm", uvm, 0},
                          node::DeviceNode{Of::driver, "/dev/nvidia-uvm-tools", uvm, 1},
                          node::DeviceNode{Of::driver, "/dev/nvidia-modeset", frontend, 254}})
    if (exists(root_ + one.path)) present.push_back(one);
  return present;
}

node::DeviceNode DeviceTree::of_gpu(std::uint32_t minor) const {
  // Older drivers register their major under the name "nvidia-frontend".
  return {Of::gpu, "/dev/nvidia" + std::to_string(minor), major_of({"nvidia", "nvidia-frontend"}), minor};
}

std::optional<node::DeviceNode> DeviceTree::of_instance(std::uint32_t gpu_minor, mig::GiId gi,
                                                        std::optional<mig::CiId> ci) const {
  auto folder =
      root_ + "/proc/driver/nvidia/capabilities/gpu" + std::to_string(gpu_minor) + "/mig/gi" + std::to_string(gi.value);
  if (ci) folder += "/ci" + std::to_string(ci->value);
  const auto minor = capability_minor(folder + "/access");
  if (!minor) return std::nullopt;
  return node::DeviceNode{ci ? Of::compute_instance : Of::gpu_instance,
                          "/dev/nvidia-caps/nvidia-cap" + std::to_string(*minor), major_of({"nvidia-caps"}), *minor};
}

}  // namespace gpuslice::nvml
