// Device files of a node: what a process must be able to open to use a GPU or one of its instances.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mig/capability.hpp"
#include "node/answer.hpp"

namespace gpuslice::node {

// A character device.
struct DeviceNode {
  enum class Of : std::uint8_t { driver, gpu, gpu_instance, compute_instance };
  Of of{};
  std::string path;                    // "/dev/nvidia-caps/nvidia-cap21"
  std::optional<std::uint32_t> major;  // absent: /proc/devices does not list it
  std::uint32_t minor{};
  friend bool operator==(const DeviceNode&, const DeviceNode&) = default;
};

class DeviceFiles : public Facet {
 public:
  // Those that every process needs, whichever GPU it uses (nvidiactl, nvidia-uvm and others), as far as they exist.
  virtual Answer<std::vector<DeviceNode>> of_driver() { return absent(); }
  // That of the GPU; with `gi` also the capability of the GPU instance; with `ci`, which requires `gi`, also that of
  // the compute instance. NOT_FOUND if the driver shows no such instance.
  virtual Answer<std::vector<DeviceNode>> of(GpuIndex, std::optional<mig::GiId> /*gi*/,
                                             std::optional<mig::CiId> /*ci*/) {
    return absent();
  }
};

}  // namespace gpuslice::node
