// Which driver and which GPUs a node has, and how each is named.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/answer.hpp"

namespace gpuslice::node {

struct SystemInfo {
  std::string driver_version;       // "580.159.04"
  std::optional<int> cuda_version;  // 13000 for 13.0; absent where the driver has no CUDA (vGPU host)
  std::string nvml_version;
};
struct PciInfo {
  std::uint32_t domain{}, bus{}, device{};
  std::uint32_t device_id{}, subsystem_id{};  // device in the high half, vendor in the low
  std::string bus_id;                         // "00000000:10:1C.0"
};

// Every node has it.
class Identity : public Facet {
 public:
  virtual Answer<SystemInfo> system() { return absent(); }
  // One of those. Alone it is cheap: for CUDA's version the driver's library loads CUDA's.
  virtual Answer<std::string> driver_version() {
    const auto all = system();
    if (!all) return std::unexpected(all.error());
    return all->driver_version;
  }
  virtual Answer<std::uint32_t> gpu_count() { return absent(); }
  // The GPU with this UUID or PCI address (any spelling NVML takes); NOT_FOUND otherwise.
  virtual Answer<GpuIndex> gpu_by_uuid(const std::string& /*uuid*/) { return absent(); }
  virtual Answer<GpuIndex> gpu_by_bus_id(const std::string& /*bus_id*/) { return absent(); }
  // A GPU or MIG device by any UUID form, MIG-GPU-<uuid>/<gi>/<ci> included.
  virtual Answer<Subject> by_uuid(const std::string& /*uuid*/) { return absent(); }
  // Of a GPU, or of a MIG device where NVML allows it.
  virtual Answer<std::string> name(Subject) { return absent(); }
  virtual Answer<std::string> uuid(Subject) { return absent(); }
  virtual Answer<PciInfo> pci(GpuIndex) { return absent(); }
  // Whether the driver lets the GPU be used at all (GPU_IS_LOST), and where it stands even when not: "0000:00:06.0".
  virtual Answer<void> reachable(GpuIndex) { return absent(); }
  virtual Answer<std::string> address(GpuIndex) { return absent(); }
  // The words for a code (nvmlErrorString), for answers that smi makes up itself.
  virtual std::string error_text(int /*code*/) { return {}; }
};

}  // namespace gpuslice::node
