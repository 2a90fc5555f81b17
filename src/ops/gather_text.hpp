// Reads facts for a diagnosis from the text of files: the driver's version, the kernel log, CDI specifications, units,
// kubelet's checkpoint. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/facts.hpp"

namespace gpuslice::ops {

// "580.126.09" of /proc/driver/nvidia/version, whose first line is "NVRM version: NVIDIA UNIX x86_64 Kernel Module
// 580.126.09  Release Build ..."; empty: there is none.
[[nodiscard]] std::string version_in(std::string_view text);

// The version in the name of a library: "580.126.09" of "/usr/lib/libcuda.so.580.126.09"; empty: there is none.
[[nodiscard]] std::string library_version(std::string_view path);

// The driver's lines of a kernel log, as /dev/kmsg or dmesg has them:
//   NVRM: Xid (PCI:0000:10:1c): 79, pid=1234, name=python, GPU has fallen off the bus.
//   NVRM: Xid (PCI:0000:10:1c GPU-I:02): 43, ...
//   NVRM: GPU 0000:10:1c.0: RmInitAdapter failed! (0x26:0xffff:1290)
[[nodiscard]] doctor::KernelLog kernel_log_of(std::string_view text);

// A CDI specification, YAML or JSON: the text after each "name:" and "path:" key. Its kind must be one of NVIDIA's
// ("nvidia.com/..."), else there is none.
[[nodiscard]] std::optional<doctor::CdiSpec> cdi_spec_of(const std::string& path, std::string_view text);

// Whether a systemd unit sets MIG mode or instances: one of its Exec lines calls nvidia-smi's mig subcommands or -mig,
// nvidia-mig-parted, nvidia-mig-manager, or a gpuslice command that changes a node.
[[nodiscard]] bool sets_mig(std::string_view unit);

// The UUIDs among the devices registered in kubelet's checkpoint (kubelet_internal_checkpoint), without the suffix that
// the device plugin gives to replicas ("::0"). None: not such a document.
[[nodiscard]] std::optional<std::vector<std::string>> kubelet_devices(const std::string& text);

// The minor of the first line of a capability file, "DeviceFileMinor: 21".
[[nodiscard]] std::optional<std::uint32_t> capability_minor(std::string_view text);

// The major number of a character device in the text of /proc/devices.
[[nodiscard]] std::optional<std::uint32_t> major_in(std::string_view devices, std::string_view name);

}  // namespace gpuslice::ops
