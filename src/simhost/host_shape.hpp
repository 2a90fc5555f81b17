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
  std::vector<Slot> slots;  // one per GPU
  bool nvswitch{};
  // NVSwitches as PCI devices: number, bus of the first (the others follow), device id; 0: unknown.
  std::uint32_t switches{}, switch_bus{}, switch_device{};
};

// The shape of an eight-GPU host if the node has eight GPUs of one product that is sold on such boards, from public
// topology listings (nvidia-smi topo -m) of a DGX A100, DGX H100, H200 and B200. For any other number of GPUs: the
// buses of a DGX A100, continued by counting up, and no NUMA nodes.
[[nodiscard]] HostShape shape_of(const sim::NodeConfig& node);

}  // namespace gpuslice::simhost
