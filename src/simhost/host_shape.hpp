// Where the GPUs of a host stand: PCI bus, NUMA node, NVSwitches between them.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/state.hpp"

namespace gpuslice::simhost {

struct HostShape {
  struct Slot {
    std::uint32_t bus{};
    std::int32_t numa_node{-1};  // -1: not known, as on a virtual machine
  };
  std::vector<Slot> slots;  // one per GPU
  bool nvswitch{};
  // NVSwitches as PCI devices: how many, the bus of the first (the others follow), the device id; 0: not known.
  std::uint32_t switches{}, switch_bus{}, switch_device{};
};

// That of an eight-GPU host where the node has eight GPUs of one product that comes on such boards, as public topology
// listings (nvidia-smi topo -m) of a DGX A100, DGX H100, H200 and B200 show it. Any other number of GPUs: the buses of
// a DGX A100, then counted up, and no NUMA nodes.
[[nodiscard]] HostShape shape_of(const sim::NodeConfig& node);

}  // namespace gpuslice::simhost
