// The kernel log of a simulated node, NODE/kmsg: the lines that NVIDIA's kernel module would have printed about XIDs,
// in the format of /dev/kmsg. It begins anew at a reboot. Nothing is read back from it.
#pragma once

#include <cstdint>
#include <string>

#include "sim/events.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

// "NVRM: Xid (PCI:0000:10:1c): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.", or of an instance
// "NVRM: Xid (PCI:0000:10:1c GPU-I:02 GPU-CI:00): 43, pid='<unknown>', name=<unknown>, ...", as in NVIDIA's open kernel
// modules (nvErrorLog) and public logs. Empty for an event that is no XID.
[[nodiscard]] std::string kernel_line(const GpuConfig& gpu, const Event& event);

// Adds the line of an event. A node that cannot be written gets none.
void log_event(const std::string& node_directory, const GpuConfig& gpu, const Event& event, std::uint64_t now_us);
// Removes the log, as a reboot does.
void forget_log(const std::string& node_directory);

}  // namespace gpuslice::sim
