// What the default view, -q and -q -x show of a MIG device.
#pragma once

#include <cstdint>
#include <optional>

#include "smi/session.hpp"

namespace gpuslice::smi {

struct MigDeviceFigures {
  mig::GiId gi{};
  mig::CiId ci{};
  node::MigAttributes attributes;
  node::Memory memory;
  node::Bar1 bar1;
  std::optional<std::uint64_t> ecc_errors;  // none: not counted
};

// None: nvidia-smi leaves the device out when one of its figures is refused, but for memory errors that are not
// counted (recorded).
[[nodiscard]] std::optional<MigDeviceFigures> mig_device_figures(node::Node& node, node::Subject device);

}  // namespace gpuslice::smi
