#include "sim/trees.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cstdio>
#include <map>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

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

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// /proc/driver/nvidia/params: the module parameters of the open kernel modules as they are when nothing is set
// (testing/recorded; that host had set NvLinkDisable and cleared RmProfilingAdminOnly).
constexpr std::string_view params =
    "ResmanDebugLevel: 4294967295\nRmLogonRC: 1\nModifyDeviceFiles: 1\nDeviceFileUID: 0\nDeviceFileGID: 0\n"
    "DeviceFileMode: 438\nInitializeSystemMemoryAllocations: 1\nUsePageAttributeTable: 4294967295\nEnableMSI: 1\n"
    "EnablePCIeGen3: 0\nMemoryPoolSize: 0\nKMallocHeapMaxSize: 0\nVMallocHeapMaxSize: 0\nIgnoreMMIOCheck: 0\n"
    "EnableStreamMemOPs: 0\nEnableUserNUMAManagement: 1\nNvLinkDisable: 0\nRmProfilingAdminOnly: 1\n"
    "PreserveVideoMemoryAllocations: 0\nEnableS0ixPowerManagement: 0\nS0ixPowerManagementVideoMemoryThreshold: 256\n"
    "DynamicPowerManagement: 3\nDynamicPowerManagementVideoMemoryThreshold: 200\nRegisterPCIDriver: 1\n"
    "EnablePCIERelaxedOrderingMode: 0\nEnableResizableBar: 0\nEnableGpuFirmware: 18\nEnableGpuFirmwareLogs: 2\n"
    "RmNvlinkBandwidthLinkCount: 0\nEnableDbgBreakpoint: 0\nOpenRmEnableUnsupportedGpus: 1\nDmaRemapPeerMmio: 1\n"
    "ImexChannelCount: 2048\nCreateImexChannel0: 0\nGrdmaPciTopoCheckOverride: 0\nCoherentGPUMemoryMode: \"\"\n"
    "RegistryDwords: \"\"\nRegistryDwordsPerDevice: \"\"\nRmMsg: \"\"\nGpuBlacklist: \"\"\nTemporaryFilePath: \"\"\n"
    "ExcludedGpus: \"\"\n";

// /proc/driver/nvidia/gpus/*/power of a data centre board.
constexpr std::string_view power =
    "Runtime D3 status:          Disabled by default\nVideo Memory:               Active\n\nGPU Hardware Support:\n"
    " Video Memory Self Refresh: Not Supported\n Video Memory Off:          Not Supported\n\nS0ix Power Management:\n"
    " Platform Support:          Not Supported\n Status:                    Disabled\n\n"
    "Notebook Dynamic Boost:     Not Supported\n";

struct PciIds {
  std::uint32_t device, subsystem, subsystem_vendor;
  std::string class_code;
  explicit PciIds(const GpuConfig& gpu)
      : device(gpu.pci_device_id >> 16U),
        subsystem(gpu.pci_subsystem_id >> 16U),
        subsystem_vendor(gpu.pci_subsystem_id & 0xffffU),
        class_code("03" + hex(gpu.pci_subclass, 2) + "00") {}
  [[nodiscard]] std::string modalias() const {
    const auto long_id = [](std::uint32_t id) { return upper(hex(id, 8)); };
    return "pci:v000010DEd" + long_id(device) + "sv" + long_id(subsystem_vendor) + "sd" + long_id(subsystem) +
           "bc03sc" + class_code.substr(2, 2) + "i00";
  }
};

// Where the memory regions of a GPU lie, sized as the board's are: registers 16 MiB, the frame buffer's window (BAR1),
// and 32 MiB. Addresses as on the recorded host, a window of 4 TiB for each GPU.
struct Regions {
  struct Region {
    std::uint64_t start{}, bytes{};
  };
  Region registers, window, third;
  Regions(const GpuConfig& gpu, std::uint32_t index) {
    const auto base = 0x1000'0000'0000ULL + (std::uint64_t{index} << 42U);
    window = {base, std::uint64_t{gpu.bar1_total_mib.value} << 20U};
    third = {base + std::max<std::uint64_t>(std::bit_ceil(window.bytes), 1ULL << 38U), 32ULL << 20U};
    registers = {third.start + third.bytes, 16ULL << 20U};
  }
};

std::string resources(const GpuConfig& gpu, std::uint32_t index) {
  const Regions regions(gpu, index);
  const auto line = [](const Regions::Region& region) {
    const bool there = region.bytes != 0;
    const auto word = [](std::uint64_t value) {
      return "0x" + hex(static_cast<std::uint32_t>(value >> 32U), 8) + hex(static_cast<std::uint32_t>(value), 8);
    };
    return word(there ? region.start : 0) + " " + word(there ? region.start + region.bytes - 1 : 0) + " " +
           word(there ? 0x14220c : 0);
  };
  std::string text;
  for (const auto& region : {regions.registers, Regions::Region{}, regions.window, Regions::Region{}, regions.third,
                             Regions::Region{}, Regions::Region{}})
    text += (text.empty() ? "" : "\n") + line(region);
  return text;
}

// The standard header of the configuration space, 64 bytes: what an unprivileged reader of the file gets.
std::string config_space(const PciIds& ids, const GpuConfig& gpu, std::uint32_t index) {
  std::string bytes(64, '\0');
  const auto put = [&](std::size_t at, std::uint64_t value, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
  };
  const Regions regions(gpu, index);
  constexpr std::uint64_t wide_prefetchable = 0xc;
  put(0x00, 0x10de, 2);
  put(0x02, ids.device, 2);
  put(0x04, 0x0546, 2);  // command: memory, bus master, parity and SERR answers, no INTx
  put(0x06, 0x0010, 2);  // status: has a capability list
  put(0x08, 0xa1, 1);
  put(0x0a, gpu.pci_subclass, 1);
  put(0x0b, 0x03, 1);
  put(0x10, regions.registers.start | wide_prefetchable, 8);
  if (regions.window.bytes != 0) put(0x18, regions.window.start | wide_prefetchable, 8);
  put(0x20, regions.third.start | wide_prefetchable, 8);
  put(0x2c, ids.subsystem_vendor, 2);
  put(0x2e, ids.subsystem, 2);
  put(0x34, 0x40, 1);
  put(0x3c, 0xff, 1);
  put(0x3d, 0x01, 1);
  return bytes;
}

class Trees {
 public:
  Trees(const NodeConfig& node, const NodeDynamic& state) : node_(node), state_(state), majors_(majors_of(node)) {}

  std::vector<TreeEntry> take() {
    driver();
    other_drivers();
    capabilities();
    modules();
    for (std::uint32_t gpu = 0; gpu < node_.gpu_count; ++gpu) {
      proc_gpu(gpu);
      pci_device(gpu);
    }
    switches();
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
    // The defaults of the open kernel modules, as recorded.
    file(root + "/params", std::string(params));
    directory(root + "/patches");
    file(root + "/patches/README", "This driver is simulated: no patches are applied to it.\n");
    directory(root + "/warnings");
    file(root + "/warnings/README", "This driver is simulated: it warns of nothing.\n");
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
    // Made with the fabric manager: there on an eight-GPU host with NVSwitches, not on a virtual machine with one GPU.
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

  // A capability, and the device node that stands for it.
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
    file(root + "/information",
         "Model: \t\t " + std::string(gpu.name.view()) + "\nIRQ:   \t\t " + std::to_string(40 + index) +
             "\nGPU UUID: \t GPU-" + to_text(gpu.uuid) + "\nVideo BIOS: \t ??.??.??.??.??\nBus Type: \t PCIe" +
             "\nDMA Size: \t 52 bits\nDMA Mask: \t 0xfffffffffffff\nBus Location: \t " + pci_address(gpu) +
             "\nDevice Minor: \t " + std::to_string(gpu.minor) + "\nGPU Firmware: \t " +
             std::string(node_.driver.view()) + "\nGPU Excluded:\t No\n");
    file(root + "/registry", "Binary: \"\"\n", 0644);
    file(root + "/power", std::string(power));
  }

  void pci_device(std::uint32_t index) {
    const auto& gpu = node_.gpus[index];
    const auto name = pci_address(gpu);
    const auto bridge = "pci" + hex(gpu.pci_domain, 4) + ":" + hex(gpu.pci_bus, 2);
    if (bridges_.insert(bridge).second) directory("/sys/devices/" + bridge, 0755);
    const auto root = "/sys/devices/" + bridge + "/" + name;
    link("/sys/bus/pci/devices/" + name, "../../../devices/" + bridge + "/" + name);
    link("/sys/bus/pci/drivers/nvidia/" + name, "../../../../devices/" + bridge + "/" + name);
    directory(root, 0755);
    const auto line = [&](const std::string& key, const std::string& text) { file(root + "/" + key, text + "\n"); };
    const PciIds ids(gpu);
    line("vendor", "0x10de");
    line("class", "0x" + ids.class_code);
    line("revision", "0xa1");
    line("irq", std::to_string(40 + index));
    line("numa_node", std::to_string(gpu.numa_node));
    line("enable", "1");
    line("power_state", "D0");
    line("dma_mask_bits", "52");
    line("resource", resources(gpu, index));
    link(root + "/driver", "../../../bus/pci/drivers/nvidia");
    link(root + "/subsystem", "../../../bus/pci");
    if (gpu.iommu_group >= 0) {
      const auto group = "/sys/kernel/iommu_groups/" + std::to_string(gpu.iommu_group);
      if (bridges_.insert(group).second) {
        directory(group, 0755);
        directory(group + "/devices", 0755);
        file(group + "/type", "DMA\n");
      }
      link(root + "/iommu_group", "../../../kernel/iommu_groups/" + std::to_string(gpu.iommu_group));
      link(group + "/devices/" + name, "../../../../devices/" + bridge + "/" + name);
    }
    if (gpu.sriov_vfs.known != 0) {
      // A VF's function is 4 + its number, counted through the bus (seen on an A10).
      line("sriov_totalvfs", std::to_string(gpu.sriov_vfs.value));
      file(root + "/sriov_numvfs", "0\n", 0644);
      line("sriov_offset", "4");
      line("sriov_stride", "1");
      file(root + "/sriov_drivers_autoprobe", "1\n", 0644);
    }
    if (ids.device == 0) return;  // nobody has seen its ids
    line("device", "0x" + hex(ids.device, 4));
    file(root + "/config", config_space(ids, gpu, index), 0644);
    if (ids.subsystem == 0) return;
    line("subsystem_vendor", "0x" + hex(ids.subsystem_vendor, 4));
    line("subsystem_device", "0x" + hex(ids.subsystem, 4));
    line("modalias", ids.modalias());
    line("uevent", "DRIVER=nvidia\nPCI_CLASS=" + upper(ids.class_code.substr(1)) + "\nPCI_ID=10DE:" +
                       upper(hex(ids.device, 4)) + "\nPCI_SUBSYS_ID=" + upper(hex(ids.subsystem_vendor, 4)) + ":" +
                       upper(hex(ids.subsystem, 4)) + "\nPCI_SLOT_NAME=" + name + "\nMODALIAS=" + ids.modalias());
  }

  // NVSwitches of an eight-GPU host: bridges on the PCI bus, and devices for the fabric manager.
  void switches() {
    if (node_.nvswitches == 0) return;
    const std::string driver = "/sys/bus/pci/drivers/nvidia-nvswitch";
    directory(driver, 0755);
    for (std::uint32_t i = 0; i < node_.nvswitches; ++i) {
      const auto bus = hex(node_.nvswitch_bus + i, 2);
      const auto bridge = "pci0000:" + bus, name = "0000:" + bus + ":00.0";
      if (bridges_.insert(bridge).second) directory("/sys/devices/" + bridge, 0755);
      const auto root = "/sys/devices/" + bridge + "/" + name;
      link("/sys/bus/pci/devices/" + name, "../../../devices/" + bridge + "/" + name);
      link(driver + "/" + name, "../../../../devices/" + bridge + "/" + name);
      directory(root, 0755);
      const auto line = [&](const std::string& key, const std::string& text) { file(root + "/" + key, text + "\n"); };
      line("vendor", "0x10de");
      line("device", "0x" + hex(node_.nvswitch_device, 4));
      line("class", "0x068000");
      line("revision", "0xa1");
      line("numa_node", "-1");
      line("enable", "1");
      line("power_state", "D0");
      // Registers, 32 MiB; below the windows of the GPUs.
      const std::uint64_t start = 0xf000'0000'0000ULL >> 8U | std::uint64_t{i} << 25U;
      const auto word = [](std::uint64_t value) {
        return "0x" + hex(static_cast<std::uint32_t>(value >> 32U), 8) + hex(static_cast<std::uint32_t>(value), 8);
      };
      line("resource", word(start) + " " + word(start + (32U << 20U) - 1) + " " + word(0x40200));
      link(root + "/driver", "../../../bus/pci/drivers/nvidia-nvswitch");
      link(root + "/subsystem", "../../../bus/pci");
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
  Majors majors_;
  std::set<std::string> bridges_;  // and IOMMU groups: directories that several devices share
  std::vector<TreeEntry> all_;
};

// Of the lines of /proc/devices: each character device's major and name, and everything from the block devices on.
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

std::string pci_address(const GpuConfig& gpu) {
  return hex(gpu.pci_domain, 4) + ":" + hex(gpu.pci_bus, 2) + ":" + hex(gpu.pci_device, 2) + ".0";
}

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
  // The kernel lists character devices by major; those of one major in the order they were registered.
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
  // As recorded; the numbers of bytes are of those modules.
  std::string text =
      "nvidia_uvm 1830912 0 - Live 0x0000000000000000 (O)\nnvidia 14299136 1 nvidia_uvm, Live 0x0000000000000000 (O)\n";
  std::istringstream in(host);
  std::string line;
  while (std::getline(in, line))
    if (!line.starts_with("nvidia")) text += line + "\n";
  return text;
}

std::vector<TreeEntry> trees(const NodeConfig& node, const NodeDynamic& state) { return Trees(node, state).take(); }

}  // namespace gpuslice::sim
