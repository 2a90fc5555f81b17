// What a node's driver shows in files: /proc/driver/nvidia*, /dev, /sys/bus/pci, as a list of entries. A projection of
// the node's state, never read back as truth. Pure.
//
// Recorded on an H200 with driver 580.159.04 (testing/recorded); capability files and minors as in NVIDIA's open kernel
// modules (nv-caps.c). What was not seen is left out, or is what the driver shows of a figure it does not know. What
// the driver says of itself is in driver_files.hpp, PCI functions in pci_tree.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mig/partition.hpp"
#include "sim/state.hpp"
#include "sim/tree_entry.hpp"

namespace gpuslice::sim {

// The majors that /proc/devices names. 195 is NVIDIA's own; the others are handed out by the kernel as modules load,
// and must be none that the host has in use.
struct Majors {
  std::uint32_t nvidia{195};
  std::uint32_t uvm{};
  std::uint32_t caps{};
  std::uint32_t nvswitch{};  // 0: no NVSwitch is there
};
[[nodiscard]] Majors majors_of(const NodeConfig& node);

// "0000:07:00.0"
[[nodiscard]] std::string pci_address(const GpuConfig& gpu);

// Ascending by path, directories before what is in them. `processors`: how many the host has.
[[nodiscard]] std::vector<TreeEntry> trees(const NodeConfig& node, const NodeDynamic& state, std::uint32_t processors);

// The three lines of a capability file: which device stands for it.
[[nodiscard]] std::string capability_text(unsigned minor, unsigned mode);

// /proc/driver/nvidia-caps/mig-minors: every capability there could be, 4,322 lines, the same on every host.
[[nodiscard]] std::string mig_minors();

// The host's /proc/devices with the node's majors for NVIDIA's devices, and none of the host's own.
[[nodiscard]] std::string devices(const std::string& host, const Majors& majors);
// The character majors that a /proc/devices names.
[[nodiscard]] std::vector<std::uint32_t> registered_majors(const std::string& host);

// The host's /proc/modules with NVIDIA's modules of the node, and none of the host's own.
[[nodiscard]] std::string modules(const std::string& host);

}  // namespace gpuslice::sim
