// The files of a node's PCI functions: /sys/devices/pci*, /sys/bus/pci and the IOMMU groups. Pure.
//
// Where a function is: what alone has its bus, as device 0, is behind a root port on a host bridge of its own, as on a
// server; what shares its bus or has another device number is on a root bus, as in many virtual machines. So GPUs meet
// beyond their host bridges, which is what NVML says of them. NVSwitches are behind the ports of one host bridge.
#pragma once

#include <vector>

#include "sim/pci_function.hpp"
#include "sim/tree_entry.hpp"

namespace gpuslice::sim {

// `processors` are those of the host: all are as near to each function.
void add_pci_tree(const NodeConfig& node, std::uint32_t processors, std::vector<TreeEntry>& entries);

}  // namespace gpuslice::sim
