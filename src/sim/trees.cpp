#include "sim/trees.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

#include "catalog/product.hpp"
#include "sim/driver.hpp"
#include "sim/driver_files.hpp"
#include "sim/pci_function.hpp"
#include "sim/pci_tree.hpp"

namespace gpuslice::sim {
namespace {

// /proc/driver/nvidia/gpus/*/power of a data centre board.
constexpr std::string_view power =
    "Runtime D3 status:          Disabled by default\nVideo Memory:               Active\n\nGPU Hardware Support:\n"
    " Video Memory Self Refresh: Not Supported\n Video Memory Off:          Not Supported\n\nS0ix Power Management:\n"
    " Platform Support:          Not Supported\n Status:                    Disabled\n\n"
    "Notebook Dynamic Boost:     Not Supported\n";

class Trees {
 public:
  Trees(const NodeConfig& node, const NodeDynamic& state, std::uint32_t processors)
      : node_(node), state_(state), processors_(processors), majors_(majors_of(node)) {}

  std::vector<TreeEntry> take() {
    driver();
    other_drivers();
    capabilities();
    modules();
    for (std::uint32_t gpu = 0; gpu < node_.gpu_count; ++gpu) proc_gpu(gpu);
    switches();
    add_pci_tree(node_, processors_, all_);
    devices();
    std::sort(all_.begin(), all_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(all_);
  }

 private:
  void directory(const std::string& path, std::uint32_t mode = 0555) { all_.push_back(directory_entry(path, mode)); }
  void file(const std::string& path, std::string content, std::uint32_t mode = 0444) {
    all_.push_back(file_entry(path, std::move(content), mode));
  }
  void link(const std::string& path, const std::string& target) { all_.push_back(link_entry(path, target)); }
  void device(const std::string& path, std::uint32_t major, std::uint32_t minor, std::uint32_t mode) {
    all_.push_back({TreeEntry::Kind::character_device, path, mode, "", major, minor});
  }

  void driver() {
    const std::string root = "/proc/driver/nvidia";
    directory(root);
    file(root + "/version", driver_version_text(node_));
    file(root + "/registry", "Binary: \"\"\n", 0644);
    file(root + "/suspend", "suspend hibernate resume\n", 0644);
    file(root + "/suspend_depth", "default modeset uvm\n", 0644);
    directory(root + "/gpus");
    file(root + "/params", driver_parameters_text(node_));
    directory(root + "/patches");
    file(root + "/patches/README", "This driver is simulated: no patches are applied to it.\n");
    directory(root + "/warnings");
    file(root + "/warnings/README", "This driver is simulated: it has no warnings.\n");
    directory("/proc/driver/nvidia-caps");
    file("/proc/driver/nvidia-caps/mig-minors", mig_minors());
    file("/proc/driver/nvidia-caps/nvlink-minors", "fabric-mgmt 0\n");
    file("/proc/driver/nvidia-caps/sys-minors", "fabric-imex-mgmt 4323\n");
  }

  void other_drivers() {
    directory("/proc/driver/nvidia-nvlink");
    directory("/proc/driver/nvidia-nvlink/capabilities");
    file("/proc/driver/nvidia-nvlink/capabilities/fabric-mgmt", capability_text(0, 0400));
    directory("/proc/driver/nvidia-nvswitch");
    directory("/proc/driver/nvidia-nvswitch/devices");
    directory("/proc/driver/nvidia-uvm");
    directory("/proc/driver/nvidia-uvm/cpu");
    directory("/proc/driver/nvidia-uvm/gpus");
    // Exists where there is a fabric manager: on an eight-GPU host with NVSwitches, but not on a virtual machine with
    // one GPU.
    if (node_.nvswitch != 0) device("/dev/nvidia-caps/nvidia-cap0", majors_.caps, 0, 0400);
  }

  void modules() {
    for (const auto* name : {"nvidia", "nvidia_uvm"}) {
      const auto root = std::string("/sys/module/") + name;
      directory(root, 0755);
      file(root + "/initstate", "live\n");
      file(root + "/version", std::string(node_.driver.view()) + "\n");
    }
    directory("/sys/bus/pci/drivers/nvidia", 0755);
    link("/sys/bus/pci/drivers/nvidia/module", "../../../../module/nvidia");
  }

  // Adds a capability and its device file.
  void capability(const std::string& name, unsigned minor, unsigned mode) {
    file("/proc/driver/nvidia/capabilities/" + name, capability_text(minor, mode));
    device("/dev/nvidia-caps/nvidia-cap" + std::to_string(minor), majors_.caps, minor, mode);
  }

  void capabilities() {
    const std::string root = "/proc/driver/nvidia/capabilities";
    directory(root);
    directory(root + "/mig");
    directory("/dev/nvidia-caps", 0755);
    file(root + "/fabric-imex-mgmt", capability_text(4323, 0400));
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
    const auto root = "/proc/driver/nvidia/gpus/" + pci_address(gpu);
    directory(root);
    file(root + "/information", gpu_information_text(node_, index));
    file(root + "/registry", "Binary: \"\"\n", 0644);
    file(root + "/power", std::string(power));
  }

  // Adds the NVSwitches of an eight-GPU host: devices for the fabric manager.
  void switches() {
    if (node_.nvswitches == 0) return;
    directory("/sys/bus/pci/drivers/nvidia-nvswitch", 0755);
    for (std::uint32_t i = 0; i < node_.nvswitches; ++i) {
      directory("/proc/driver/nvidia-nvswitch/devices/" + nvswitch_function(node_, i).address.text());
      device("/dev/nvidia-nvswitch" + std::to_string(i), majors_.nvswitch, i, 0666);
    }
    device("/dev/nvidia-nvswitchctl", majors_.nvswitch, 255, 0666);
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
  std::uint32_t processors_;
  Majors majors_;
  std::vector<TreeEntry> all_;
};

// The lines of /proc/devices: major and name of each character device, and the block devices as one text.
struct HostDevices {
  std::vector<std::pair<std::uint32_t, std::string>> characters;
  std::string rest;
  explicit HostDevices(const std::string& text) {
    std::istringstream in(text);
    std::string line;
    bool block = false;
    while (std::getline(in, line)) {
      block = block || line == "Block devices:";
      std::istringstream words(line);
      std::uint32_t major = 0;
      std::string name;
      if (block)
        rest += line + "\n";
      else if (words >> major >> name)
        characters.emplace_back(major, name);
    }
  }
};

}  // namespace

Majors majors_of(const NodeConfig& node) {
  return {195, node.uvm_major, node.caps_major, node.nvswitches != 0 ? node.nvswitch_major : 0};
}

std::string pci_address(const GpuConfig& gpu) { return PciAddress{gpu.pci_domain, gpu.pci_bus, gpu.pci_device}.text(); }

std::string capability_text(unsigned minor, unsigned mode) {
  return "DeviceFileMinor: " + std::to_string(minor) + "\nDeviceFileMode: " + std::to_string(mode) +
         "\nDeviceFileModify: 1\n";
}

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
  // The kernel lists character devices by major, and those of one major in the order of registration.
  std::multimap<std::uint32_t, std::string> lines = {{majors.nvidia, "nvidia"},
                                                     {majors.nvidia, "nvidiactl"},
                                                     {majors.uvm, "nvidia-uvm"},
                                                     {majors.caps, "nvidia-caps"}};
  if (majors.nvswitch != 0) lines.emplace(majors.nvswitch, "nvidia-nvswitch");
  const HostDevices seen(host);
  for (const auto& [major, name] : seen.characters)
    if (!name.starts_with("nvidia")) lines.emplace(major, name);
  std::string text = "Character devices:\n";
  for (const auto& [major, name] : lines) {
    const auto number = std::to_string(major);
    text += std::string(number.size() < 3 ? 3 - number.size() : 0, ' ') + number + " " + name + "\n";
  }
  return text + "\n" + seen.rest;
}

std::vector<std::uint32_t> registered_majors(const std::string& host) {
  std::vector<std::uint32_t> majors;
  for (const auto& [major, name] : HostDevices(host).characters) majors.push_back(major);
  return majors;
}

std::string modules(const std::string& host) {
  // As in src/sim/testing/recorded; the sizes in bytes are those of the recorded modules.
  std::string text =
      "nvidia_uvm 1830912 0 - Live 0x0000000000000000 (O)\nnvidia 14299136 1 nvidia_uvm, Live 0x0000000000000000 (O)\n";
  std::istringstream in(host);
  std::string line;
  while (std::getline(in, line))
    if (!line.starts_with("nvidia")) text += line + "\n";
  return text;
}

std::vector<TreeEntry> trees(const NodeConfig& node, const NodeDynamic& state, std::uint32_t processors) {
  return Trees(node, state, processors).take();
}

}  // namespace gpuslice::sim
