// A GPU or MIG device that is handed to a program, with everything by which some runtime names it. Passive data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "mig/capability.hpp"
#include "node/device_files.hpp"

namespace gpuslice::handover {

struct Device {
  std::string name;  // "train", "serve/web": given by a layout or by create --name; empty: none
  GpuIndex gpu{};
  std::string gpu_uuid;  // "GPU-…"
  std::string gpu_name;  // as NVML prints it
  std::string pci;       // "00000000:10:1C.0"
  // Of a MIG device; the next seven are absent or empty for a whole GPU.
  std::optional<mig::GiId> gi;
  std::optional<mig::CiId> ci;
  std::optional<std::uint32_t> mig_index;  // on its GPU; absent also when the driver lists no MIG device for the ids
  std::optional<mig::Placement> gi_placement;  // in memory slices of the GPU
  std::optional<mig::Placement> ci_placement;  // in compute slices of the GPU instance
  std::string gi_profile;                      // "3g.20gb"; empty: not known
  std::string ci_profile;                      // "1c" for a compute instance of one slice; empty: not known
  std::string uuid;  // of the MIG device ("MIG-…") or the GPU; empty: the driver does not report it
  std::optional<std::vector<node::DeviceNode>> nodes;  // the GPU's, then those of the capabilities; absent: not known
  friend bool operator==(const Device&, const Device&) = default;

  [[nodiscard]] bool whole() const { return !gi.has_value(); }
};

}  // namespace gpuslice::handover
