// The positions of the GPUs in a host: PCI bus, NUMA node, NVSwitches between them.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/state.hpp"

namespace gpuslice::simhost {

struct HostShape {
  struct Slot {
    std::uint32_t bus{};
    std::int32_t numa_node{-1};  // -1: unknown, as on a virtual machine
  };
  std::vector<Slot> slots;  // one for each GPU
  bool nvswitch{};
  // NVSwitches as PCI devices: their number, the bus of the first (the others are on the following buses), and the
  // device id; 0: unknown.
  std::uint32_t switches{}, switch_bus{}, switch_device{};
};

// If the node has eight GPUs of one product that is sold on eight-GPU boards, this is the shape of such a host, from
// public topology listings (nvidia-smi topo -m) of a DGX A100, DGX H100, H200 and B200. Otherwise the GPUs have the
// buses of a DGX A100, continued by counting up, and no NUMA nodes.
[[nodiscard]] HostShape shape_of(const sim::NodeConfig& node);

}  // namespace gpuslice::simhost
