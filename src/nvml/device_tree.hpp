// Device numbers as the NVIDIA driver publishes them in /proc: majors in /proc/devices, minors of capabilities in
// /proc/driver/nvidia/capabilities (NVIDIA MIG User Guide, "Device Nodes and Capabilities").
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mig/capability.hpp"
#include "node/device_files.hpp"

namespace gpuslice::nvml {

class DeviceTree {
 public:
  // `root`: the directory that contains proc and dev; empty: this host.
  explicit DeviceTree(std::string root) : root_(std::move(root)) {}

  // nvidiactl, nvidia-uvm, nvidia-uvm-tools and nvidia-modeset, as far as /dev has them.
  [[nodiscard]] std::vector<node::DeviceNode> of_driver() const;
  // `minor`: that of the GPU, the N of /dev/nvidiaN.
  [[nodiscard]] node::DeviceNode of_gpu(std::uint32_t minor) const;
  // The capability of a GPU instance, or of a compute instance in it. Nullopt: the driver publishes none.
  [[nodiscard]] std::optional<node::DeviceNode> of_instance(std::uint32_t gpu_minor, mig::GiId gi,
                                                            std::optional<mig::CiId> ci) const;

 private:
  // The major of the first of these names that /proc/devices lists.
  [[nodiscard]] std::optional<std::uint32_t> major_of(std::initializer_list<std::string_view> names) const;
  std::string root_;
};

}  // namespace gpuslice::nvml
