// The files that a node's driver provides: /proc/driver/nvidia*, /dev, /sys/bus/pci, as a list of entries. They are
// derived from the node's state, which is never derived from them. Pure.
//
// Based on a recording of an H200 with driver 580.159.04 (src/sim/testing/recorded); capability files and minors are
// those of NVIDIA's open kernel modules (nv-caps.c). What could not be recorded is left out, or contains what the
// driver shows for an unknown figure. The files about the driver itself are in driver_files.hpp, PCI functions in
// pci_tree.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mig/partition.hpp"
#include "sim/state.hpp"
#include "sim/tree_entry.hpp"

namespace gpuslice::sim {

// The majors that /proc/devices lists. 195 is fixed for NVIDIA; the kernel assigns the others when modules load, and
// they must not be in use on the host.
struct Majors {
  std::uint32_t nvidia{195};
  std::uint32_t uvm{};
  std::uint32_t caps{};
  std::uint32_t nvswitch{};  // 0: no NVSwitch
};
[[nodiscard]] Majors majors_of(const NodeConfig& node);

// "0000:07:00.0"
[[nodiscard]] std::string pci_address(const GpuConfig& gpu);

// The entries, ascending by path, with directories before their content. `processors` is how many the host has.
[[nodiscard]] std::vector<TreeEntry> trees(const NodeConfig& node, const NodeDynamic& state, std::uint32_t processors);

// The three lines of a capability file, which name its device.
[[nodiscard]] std::string capability_text(unsigned minor, unsigned mode);

// /proc/driver/nvidia-caps/mig-minors: every possible capability, 4,322 lines, the same on every host.
[[nodiscard]] std::string mig_minors();

// The host's /proc/devices with the node's majors for NVIDIA's devices, without the host's own NVIDIA devices.
[[nodiscard]] std::string devices(const std::string& host, const Majors& majors);
// The character majors that the text of a /proc/devices lists.
[[nodiscard]] std::vector<std::uint32_t> registered_majors(const std::string& host);

// The host's /proc/modules with the node's NVIDIA modules, without the host's own.
[[nodiscard]] std::string modules(const std::string& host);

}  // namespace gpuslice::sim
