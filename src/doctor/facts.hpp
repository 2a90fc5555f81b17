// What was gathered about a node for its diagnosis. Passive data, no I/O.
//
// Each fact stands alone: one that could not be gathered says why, and does not stop the checks of the others.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"

namespace gpuslice::doctor {

// Why a fact is absent.
struct Missing {
  enum class Kind : std::uint8_t {
    skipped,     // not to be had here: another user may read it, or it does not exist in a container
    unreadable,  // it should have been possible
  } kind{};
  std::string why;  // "/dev/kmsg: Permission denied; run as root"
};
template <class T>
using Fact = std::expected<T, Missing>;

// The versions of the driver's parts; empty: not found. NVML's own version ends with the version of the driver that it
// was built with ("13.580.126.09").
struct Versions {
  std::string library;                 // of libnvidia-ml.so, "580.126.09"
  std::string driver;                  // as NVML reports it
  std::string kernel;                  // /proc/driver/nvidia/version
  std::string module;                  // /sys/module/nvidia/version
  std::string uvm;                     // /sys/module/nvidia_uvm/version
  std::vector<std::string> installed;  // of the libnvidia-ml.so.* on disk
  bool nouveau{};                      // the open kernel driver is loaded
};

// One kind of XID of one GPU in the kernel log.
struct Xid {
  std::string pci;  // "0000:10:1c", as the kernel prints it
  std::uint32_t number{};
  std::uint32_t count{};
  std::string last;  // the text after the number in the newest line
};
struct KernelLog {
  std::vector<Xid> xids;                 // by GPU, then number
  std::vector<std::string> failed_init;  // "0000:10:1c.0": "RmInitAdapter failed!"
};

// A character device of the driver, as it should be and as it is.
struct DeviceFile {
  std::string path;  // "/dev/nvidia0"
  bool exists{};
  bool openable{};                            // by this user, for the purpose that it has
  std::optional<std::uint32_t> major, minor;  // absent: not a character device (those of a simulated node are files)
  std::uint32_t mode{};                       // permission bits
};
// A capability of the driver: "gpu0/mig/gi2/ci0", and the minor of its device.
struct DriverCapability {
  std::string name;
  std::uint32_t minor{};
};
struct Devices {
  std::vector<DeviceFile> files;                  // nvidiactl, nvidia-uvm, and one for each GPU
  std::vector<DeviceFile> capability_files;       // /dev/nvidia-caps/nvidia-capN
  std::vector<DriverCapability> capabilities;     // of /proc/driver/nvidia/capabilities
  std::optional<std::uint32_t> capability_major;  // /proc/devices
  bool modprobe{};  // nvidia-modprobe is installed setuid: it creates missing files when a program needs them
};

// A specification of the Container Device Interface for NVIDIA's devices.
struct CdiSpec {
  std::string path;
  std::vector<std::string> devices;   // names of devices
  std::vector<std::string> nodes;     // device nodes that it passes on
  std::vector<std::string> versions;  // of driver libraries that it mounts
};

// A unit that sets MIG mode or instances when the host boots.
struct BootUnit {
  std::string name;  // "nvidia-mig-manager.service"
  friend bool operator==(const BootUnit&, const BootUnit&) = default;
};

// The directory of an MPS control daemon.
struct MpsDirectory {
  std::string path;
  bool control{};                    // the socket that CUDA looks for
  std::optional<std::uint32_t> pid;  // of the daemon, as its file says
  bool alive{};                      // that process is an MPS control daemon
};

// How GPUs are passed on to virtual machines; only on a host with NVIDIA's vGPU host driver.
struct VgpuHost {
  struct Gpu {
    std::string pci;                      // "0000:41:00.0"
    std::uint32_t possible{}, enabled{};  // virtual functions
  };
  std::vector<Gpu> gpus;
  bool iommu{};  // the host has IOMMU groups
};

// Readings of a whole GPU; absent: the driver does not report them.
struct Readings {
  std::optional<std::uint32_t> compute_mode;  // nvmlComputeMode_t
  std::optional<bool> persistence, ecc, ecc_pending;
  std::optional<bool> display_active, display_attached;
  std::optional<std::uint32_t> virtualization;   // nvmlGpuVirtualizationMode_t
  std::optional<std::uint32_t> recovery_action;  // 0 none, 1 reset, 2 reboot, 3 drain P2P, 4 drain and reset
  std::optional<bool> reset_required;            // drivers before recovery_action
  std::optional<bool> rows_pending, rows_failed, pages_pending;  // replacement of bad memory
};
struct Links {
  std::vector<bool> active;           // by link
  std::vector<GpuIndex> unreachable;  // other GPUs with active links that this one cannot reach over NVLink
};

struct GpuFacts {
  // limited: this user or container may not list its instances.
  enum class Reach : std::uint8_t { answers, lost, silent, limited } reach{};
  GpuIndex index{};
  std::string pci;                     // "0000:10:1c.0"; empty: not known
  std::string problem;                 // why it is silent or limited
  std::optional<std::uint32_t> minor;  // of /dev/nvidiaN
  model::Gpu gpu;                      // of one that answers
  Readings readings;
  Links links;
};

// A change that was interrupted and not recovered yet.
struct Interrupted {
  std::uint64_t number{};
  std::string verb, user;
};

struct NodeFacts {
  std::optional<Error> no_driver;  // why NVML cannot be used; then nothing that needs it was gathered
  bool root{};                     // the caller is root
  bool container{};
  Fact<Versions> versions;
  Fact<KernelLog> kernel_log;
  Fact<Devices> devices;
  Fact<std::vector<CdiSpec>> cdi;
  Fact<std::vector<BootUnit>> boot;
  Fact<std::optional<MpsDirectory>> mps;
  Fact<std::optional<VgpuHost>> vgpu;                     // none: no vGPU host
  Fact<std::optional<std::vector<std::string>>> kubelet;  // UUIDs that kubelet has registered; none: no kubelet
  std::optional<Interrupted> interrupted;
  bool changing{};                  // another gpuslice is changing the node now
  std::vector<GpuIndex> in_change;  // GPUs of the interrupted change, or of the one that is made now
  std::vector<Error> store;         // files of gpuslice that cannot be read
  std::vector<GpuFacts> gpus;
};

}  // namespace gpuslice::doctor
