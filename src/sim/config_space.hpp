// The configuration space of a PCI function: the 4,096 bytes that root reads from /sys/bus/pci/devices/*/config.
//
// Layout of headers and capabilities: PCI Express Base Specification, chapter 7. Pure.
#pragma once

#include <string>

#include "sim/pci_function.hpp"

namespace gpuslice::sim {

inline constexpr std::size_t config_space_bytes = 4096;

[[nodiscard]] std::string config_space(const PciFunction& function);

// The address window that a bridge forwards for one kind of region, from the lowest to the highest address. Empty if no
// function behind the bridge has such a region.
struct PciWindow {
  std::uint64_t first{}, last{};
  [[nodiscard]] bool empty() const { return last == 0; }
};
struct PciWindows {
  PciWindow io, memory, prefetchable;
};
[[nodiscard]] PciWindows windows(const PciFunction& bridge);

}  // namespace gpuslice::sim
