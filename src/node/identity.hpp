// The driver and the GPUs of a node, and how each GPU is named.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/answer.hpp"

namespace gpuslice::node {

struct SystemInfo {
  std::string driver_version;       // "580.159.04"
  std::optional<int> cuda_version;  // 13000 for 13.0; absent if the driver has no CUDA (vGPU host)
  std::string nvml_version;
};
struct PciInfo {
  std::uint32_t domain{}, bus{}, device{};
  std::uint32_t device_id{}, subsystem_id{};  // device in the upper 16 bits, vendor in the lower
  std::string bus_id;                         // "00000000:10:1C.0"
};

// Every node has this facet.
class Identity : public Facet {
 public:
  virtual Answer<SystemInfo> system() { return absent(); }
  // driver_version() alone is cheap. system() is not: the driver's library loads libcuda to read the version of CUDA.
  virtual Answer<std::string> driver_version() {
    const auto all = system();
    if (!all) return std::unexpected(all.error());
    return all->driver_version;
  }
  virtual Answer<std::uint32_t> gpu_count() { return absent(); }
  // The GPU with this UUID or PCI address (any spelling that NVML accepts), or NOT_FOUND.
  virtual Answer<GpuIndex> gpu_by_uuid(const std::string& /*uuid*/) { return absent(); }
  virtual Answer<GpuIndex> gpu_by_bus_id(const std::string& /*bus_id*/) { return absent(); }
  // A GPU or MIG device, given by any form of UUID, including MIG-GPU-<uuid>/<gi>/<ci>.
  virtual Answer<Subject> by_uuid(const std::string& /*uuid*/) { return absent(); }
  // The subject is a GPU, or a MIG device where NVML allows it.
  virtual Answer<std::string> name(Subject) { return absent(); }
  virtual Answer<std::string> uuid(Subject) { return absent(); }
  virtual Answer<PciInfo> pci(GpuIndex) { return absent(); }
  // reachable returns GPU_IS_LOST if the driver cannot use the GPU. address returns its PCI address, "0000:00:06.0",
  // even for a lost GPU.
  virtual Answer<void> reachable(GpuIndex) { return absent(); }
  virtual Answer<std::string> address(GpuIndex) { return absent(); }
  // The text for a code (nvmlErrorString), for refusals that the room smi itself produces.
  virtual std::string error_text(int /*code*/) { return {}; }
};

}  // namespace gpuslice::node
