// The files of a node's PCI functions: /sys/devices/pci*, /sys/bus/pci and the IOMMU groups. Pure.
//
// Topology: a function that is alone on its bus, as device 0, is behind a root port on its own host bridge, as on a
// server. A function that shares its bus or has another device number is on a root bus, as in many virtual machines. So
// the common ancestor of two GPUs is above their host bridges, which is what NVML reports for them. NVSwitches are
// behind the ports of one host bridge.
#pragma once

#include <vector>

#include "sim/pci_function.hpp"
#include "sim/tree_entry.hpp"

namespace gpuslice::sim {

// `processors`: number of processors of the host. All of them are equally close to each function.
void add_pci_tree(const NodeConfig& node, std::uint32_t processors, std::vector<TreeEntry>& entries);

}  // namespace gpuslice::sim
