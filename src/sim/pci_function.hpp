// The functions on a node's PCI buses as values: GPUs, NVSwitches and the root ports above them. Pure.
//
// Differences between GPU generations come from public `lspci -vvv` output and boot logs; `pci_function.cpp` names each
// source, and the figures that are derived from similar boards. config_space.hpp builds the bytes of their
// configuration space, pci_tree.hpp their files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/state.hpp"

namespace gpuslice::sim {

struct PciAddress {
  std::uint32_t domain{}, bus{}, device{};
  [[nodiscard]] std::string text() const;  // "0000:07:00.0"
  friend auto operator<=>(const PciAddress&, const PciAddress&) = default;
};

// A memory or I/O region, with the number of its base address register (the first one, if it uses two).
struct PciRegion {
  enum class Kind : std::uint8_t { memory32, memory64, prefetchable64, io } kind{};
  std::uint32_t bar{};
  std::uint64_t start{}, bytes{};
  [[nodiscard]] bool wide() const { return kind == Kind::memory64 || kind == Kind::prefetchable64; }
};

// PCIe generations (1: 2.5 GT/s); 0: unknown.
struct PciLink {
  std::uint32_t most{}, current{}, width{};
};

// Where the capabilities of a function are in its configuration space.
enum class PciMap : std::uint8_t {
  classic,    // up to Ada: power management at 60, MSI at 68 (null on boards with MSI-X at c8), PCI Express at 78
  hopper,     // Hopper and Blackwell: power management at 40, MSI at 48, PCI Express at 60, MSI-X at b0
  root_port,  // QEMU's generic root port: PCI Express at 54
};

struct PciFunction {
  PciAddress address;
  std::uint32_t vendor{}, device{}, subsystem_vendor{}, subsystem{};  // 0: unknown
  std::uint32_t class_code{};                                         // e.g. 0x030200
  std::uint32_t revision{};
  PciMap map{};
  bool msi_x{};            // in addition to MSI, or instead of it
  bool legacy_endpoint{};  // boards with display outputs
  bool function_reset{};
  bool wakes{};  // can signal power management events from D0 and D3hot
  PciLink link;
  std::vector<PciRegion> regions;  // ascending by `bar`
  std::uint32_t irq{};
  std::int32_t numa_node{-1};
  std::uint32_t dma_bits{};      // 0: no driver has set a mask
  std::uint64_t serial{};        // device serial number, where the map has one; 0: none
  std::string driver;            // kernel driver; empty: none
  std::int32_t iommu_group{-1};  // -1: none
  OptionalU32 vfs;               // number of virtual functions
  std::uint32_t vf_offset{};
  // Only of a root port:
  std::uint32_t secondary_bus{}, slot{};
  std::vector<PciRegion> behind;  // the regions of the functions behind it
};

// GPU `index` of the node.
[[nodiscard]] PciFunction gpu_function(const NodeConfig& node, std::uint32_t index);
// NVSwitch `index` of the node.
[[nodiscard]] PciFunction nvswitch_function(const NodeConfig& node, std::uint32_t index);
// The root port at `address` above `below`.
[[nodiscard]] PciFunction root_port(const PciAddress& address, const PciFunction& below, std::uint32_t slot);

}  // namespace gpuslice::sim
