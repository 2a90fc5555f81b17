// The figures of a MIG device in the default view, -q and -q -x.
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
  std::optional<std::uint64_t> ecc_errors;  // absent if errors are not counted
};

// Returns nullopt if one of the figures is refused, because nvidia-smi then omits the device. The exception is memory
// errors, which may be uncounted.
[[nodiscard]] std::optional<MigDeviceFigures> mig_device_figures(node::Node& node, node::Subject device);

}  // namespace gpuslice::smi
