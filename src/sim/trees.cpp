#include "sim/trees.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <sstream>

#include "catalog/product.hpp"
#include "sim/driver.hpp"
#include "sim/uuid.hpp"

namespace gpuslice::sim {
namespace {

std::string hex(std::uint32_t value, int digits) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%0*x", digits, value);
  return text.data();
}

class Trees {
 public:
  Trees(const NodeConfig& node, const NodeDynamic& state, const Majors& majors)
      : node_(node), state_(state), majors_(majors) {}

  std::vector<TreeEntry> take() {
    driver();
    capabilities();
    for (std::uint32_t gpu = 0; gpu < node_.gpu_count; ++gpu) {
      proc_gpu(gpu);
      pci_device(gpu);
    }
    devices();
    std::sort(all_.begin(), all_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(all_);
  }

 private:
  void directory(const std::string& path, std::uint32_t mode = 0555) {
    all_.push_back({TreeEntry::Kind::directory, path, mode, "", 0, 0});
  }
  void file(const std::string& path, std::string content, std::uint32_t mode = 0444) {
    all_.push_back({TreeEntry::Kind::file, path, mode, std::move(content), 0, 0});
  }
  void link(const std::string& path, const std::string& target) {
    all_.push_back({TreeEntry::Kind::link, path, 0777, target, 0, 0});
  }
  void device(const std::string& path, std::uint32_t major, std::uint32_t minor, std::uint32_t mode) {
    all_.push_back({TreeEntry::Kind::character_device, path, mode, "", major, minor});
  }

  // "0000:07:00.0"
  [[nodiscard]] static std::string address(const GpuConfig& gpu) {
    return hex(gpu.pci_domain, 4) + ":" + hex(gpu.pci_bus, 2) + ":" + hex(gpu.pci_device, 2) + ".0";
  }

  void driver() {
    const std::string root = "/proc/driver/nvidia";
    const std::string version(node_.driver.view());
    directory(root);
    file(root + "/version", "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  " + version +
                                "  Release Build  (gpuslice@)  \nGCC version:  simulated\n");
    file(root + "/registry", "Binary: \"\"\n", 0644);
    file(root + "/suspend", "suspend hibernate resume\n", 0644);
    file(root + "/suspend_depth", "default modeset uvm\n", 0644);
    directory(root + "/gpus");
    directory(root + "/patches");
    directory(root + "/warnings");
    directory("/proc/driver/nvidia-caps");
    file("/proc/driver/nvidia-caps/mig-minors", mig_minors());
    file("/proc/driver/nvidia-caps/nvlink-minors", "fabric-mgmt 0\n");
    file("/proc/driver/nvidia-caps/sys-minors", "fabric-imex-mgmt 4323\n");
  }

  // A capability, and the device node that stands for it.
  void capability(const std::string& name, unsigned minor, unsigned mode) {
    file("/proc/driver/nvidia/capabilities/" + name, "DeviceFileMinor: " + std::to_string(minor) +
                                                         "\nDeviceFileMode: " + std::to_string(mode) +
                                                         "\nDeviceFileModify: 1\n");
    device("/dev/nvidia-caps/nvidia-cap" + std::to_string(minor), majors_.caps, minor, mode);
  }

  void capabilities() {
    const std::string root = "/proc/driver/nvidia/capabilities";
    directory(root);
    directory(root + "/mig");
    directory("/dev/nvidia-caps", 0755);
    file(root + "/fabric-imex-mgmt", "DeviceFileMinor: 4323\nDeviceFileMode: 256\nDeviceFileModify: 1\n");
    capability("mig/config", cap_minor_config, 0400);
    capability("mig/monitor", cap_minor_monitor, 0444);
    for (std::uint32_t i = 0; i < node_.gpu_count; ++i) {
      const auto product = catalog::find(node_.gpus[i].product.view());
      if (!product || !(*product)->capability.mode.supported) continue;
      const auto minor = node_.gpus[i].minor;
      const auto gpu = "gpu" + std::to_string(minor);
      directory(root + "/" + gpu);
      directory(root + "/" + gpu + "/mig");
      for (const auto& gi : state_.gpus[i].mig.partition.instances) {
        const auto instance = gpu + "/mig/gi" + std::to_string(gi.id.value);
        directory(root + "/" + instance);
        capability(instance + "/access", cap_minor(minor, gi.id), 0444);
        for (const auto& ci : gi.compute) {
          const auto compute = instance + "/ci" + std::to_string(ci.id.value);
          directory(root + "/" + compute);
          capability(compute + "/access", cap_minor(minor, gi.id, ci.id), 0444);
        }
      }
    }
  }

  void proc_gpu(std::uint32_t index) {
    const auto& gpu = node_.gpus[index];
    const auto root = "/proc/driver/nvidia/gpus/" + address(gpu);
    directory(root);
    file(root + "/information",
         "Model: \t\t " + std::string(gpu.name.view()) + "\nIRQ:   \t\t " + std::to_string(40 + index) +
             "\nGPU UUID: \t GPU-" + to_text(gpu.uuid) + "\nVideo BIOS: \t ??.??.??.??.??\nBus Type: \t PCIe" +
             "\nDMA Size: \t 52 bits\nDMA Mask: \t 0xfffffffffffff\nBus Location: \t " + address(gpu) +
             "\nDevice Minor: \t " + std::to_string(gpu.minor) + "\nGPU Firmware: \t " +
             std::string(node_.driver.view()) + "\nGPU Excluded:\t No\n");
    file(root + "/registry", "Binary: \"\"\n", 0644);
  }

  void pci_device(std::uint32_t index) {
    const auto& gpu = node_.gpus[index];
    const auto name = address(gpu);
    const auto root = "/sys/bus/pci/devices/" + name;
    const auto device_id = gpu.pci_device_id >> 16U, subsystem = gpu.pci_subsystem_id;
    const auto line = [&](const std::string& key, const std::string& text) { file(root + "/" + key, text + "\n"); };
    directory(root, 0755);
    line("vendor", "0x10de");
    line("class", "0x03" + hex(gpu.pci_subclass, 2) + "00");
    line("numa_node", "-1");
    line("enable", "1");
    line("power_state", "D0");
    link(root + "/driver", "../../../bus/pci/drivers/nvidia");
    if (device_id != 0) line("device", "0x" + hex(device_id, 4));
    if (subsystem != 0) {
      line("subsystem_vendor", "0x" + hex(subsystem & 0xffffU, 4));
      line("subsystem_device", "0x" + hex(subsystem >> 16U, 4));
    }
  }

  void devices() {
    device("/dev/nvidiactl", majors_.nvidia, 255, 0666);
    device("/dev/nvidia-uvm", majors_.uvm, 0, 0666);
    device("/dev/nvidia-uvm-tools", majors_.uvm, 1, 0666);
    for (std::uint32_t i = 0; i < node_.gpu_count; ++i)
      device("/dev/nvidia" + std::to_string(node_.gpus[i].minor), majors_.nvidia, node_.gpus[i].minor, 0666);
  }

  const NodeConfig& node_;
  const NodeDynamic& state_;
  const Majors& majors_;
  std::vector<TreeEntry> all_;
};

}  // namespace

std::string mig_minors() {
  std::string text = "config 1\nmonitor 2\n";
  for (std::uint32_t gpu = 0; gpu < max_gpus; ++gpu)
    for (std::uint32_t gi = 0; gi < mig::gi_id_count; ++gi) {
      const auto instance = "gpu" + std::to_string(gpu) + "/gi" + std::to_string(gi);
      text += instance + "/access " + std::to_string(cap_minor(gpu, mig::GiId{gi})) + "\n";
      for (std::uint32_t ci = 0; ci < mig::max_compute_instances; ++ci)
        text += instance + "/ci" + std::to_string(ci) + "/access " +
                std::to_string(cap_minor(gpu, mig::GiId{gi}, mig::CiId{ci})) + "\n";
    }
  return text;
}

std::string devices(const std::string& host, const Majors& majors) {
  // The kernel lists character devices by major; those of one major in the order they were registered.
  std::multimap<std::uint32_t, std::string> lines = {{majors.nvidia, "nvidia"},
                                                     {majors.nvidia, "nvidiactl"},
                                                     {majors.uvm, "nvidia-uvm"},
                                                     {majors.caps, "nvidia-caps"}};
  std::istringstream in(host);
  std::string line, rest;
  bool block = false;
  while (std::getline(in, line)) {
    block = block || line == "Block devices:";
    std::istringstream words(line);
    std::uint32_t major = 0;
    std::string name;
    if (block)
      rest += line + "\n";
    else if (words >> major >> name && !name.starts_with("nvidia"))
      lines.emplace(major, name);
  }
  std::string text = "Character devices:\n";
  for (const auto& [major, name] : lines) {
    const auto number = std::to_string(major);
    text += std::string(number.size() < 3 ? 3 - number.size() : 0, ' ') + number + " " + name + "\n";
  }
  return text + "\n" + rest;
}

std::vector<TreeEntry> trees(const NodeConfig& node, const NodeDynamic& state, const Majors& majors) {
  return Trees(node, state, majors).take();
}

}  // namespace gpuslice::sim
