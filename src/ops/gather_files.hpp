// Reads the files of a host for a diagnosis: those of the driver, of systemd, of container runtimes, the kernel log.
// Only reads; each function says why when it cannot.
#pragma once

#include <string>
#include <vector>

#include "doctor/facts.hpp"

namespace gpuslice::ops {

// Where the files are, and who reads them.
struct HostFiles {
  std::string root;                    // /proc, /dev and /sys are below it; empty: this host
  std::string system;                  // likewise /etc, /usr, /var and /tmp
  std::string kernel_log;              // "/dev/kmsg", or the file of a simulated node
  std::string boot;                    // a folder of programs that run at boot: of a simulated node; empty: none
  std::string processes{"/proc"};      // to see whether a daemon runs
  std::string mps{"/tmp/nvidia-mps"};  // below `root`, unless CUDA_MPS_PIPE_DIRECTORY said otherwise
  bool simulated{};                    // its devices are files
  bool container{};
  bool as_root{};
};

// Without what NVML reports.
[[nodiscard]] doctor::Versions read_versions(const HostFiles& files);
[[nodiscard]] doctor::Fact<doctor::KernelLog> read_kernel_log(const HostFiles& files);
// `gpus`: the minors of the GPUs that the driver lists.
[[nodiscard]] doctor::Devices read_devices(const HostFiles& files, const std::vector<std::uint32_t>& gpus);
[[nodiscard]] doctor::Fact<std::vector<doctor::CdiSpec>> read_cdi(const HostFiles& files);
[[nodiscard]] doctor::Fact<std::vector<doctor::BootUnit>> read_boot_units(const HostFiles& files);
[[nodiscard]] doctor::Fact<std::optional<doctor::MpsDirectory>> read_mps(const HostFiles& files);
// `gpus`: their PCI addresses.
[[nodiscard]] doctor::Fact<std::optional<doctor::VgpuHost>> read_vgpu_host(const HostFiles& files,
                                                                           const std::vector<std::string>& gpus);
[[nodiscard]] doctor::Fact<std::optional<std::vector<std::string>>> read_kubelet(const HostFiles& files);

// Whether this process runs in a container: the marks of docker, podman and Kubernetes. `root`: as in HostFiles.
[[nodiscard]] bool in_container(const std::string& root);

}  // namespace gpuslice::ops
