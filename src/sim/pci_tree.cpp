#include "sim/pci_tree.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "sim/config_space.hpp"

namespace gpuslice::sim {
namespace {

using Kind = PciRegion::Kind;
using Bus = std::pair<std::uint32_t, std::uint32_t>;  // domain, bus

std::string hex(std::uint64_t value, int digits) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%0*llx", digits, static_cast<unsigned long long>(value));
  return text.data();
}

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string modalias(const PciFunction& f) {
  const auto id = [](std::uint32_t value) { return upper(hex(value, 8)); };
  const auto byte = [&](unsigned shift) { return hex(f.class_code >> shift & 0xffU, 2); };
  return "pci:v" + id(f.vendor) + "d" + id(f.device) + "sv" + id(f.subsystem_vendor) + "sd" + id(f.subsystem) + "bc" +
         upper(byte(16)) + "sc" + upper(byte(8)) + "i" + upper(byte(0));
}

// The file as the kernel writes it (pci_uevent): in upper case, without leading zeros before the class.
std::string uevent(const PciFunction& f) {
  const auto id = [](std::uint32_t value) { return upper(hex(value, 4)); };
  return (f.driver.empty() ? "" : "DRIVER=" + f.driver + "\n") + "PCI_CLASS=" + upper(hex(f.class_code, 1)) +
         "\nPCI_ID=" + id(f.vendor) + ":" + id(f.device) + "\nPCI_SUBSYS_ID=" + id(f.subsystem_vendor) + ":" +
         id(f.subsystem) + "\nPCI_SLOT_NAME=" + f.address.text() + "\nMODALIAS=" + modalias(f);
}

std::string resource_line(std::uint64_t first, std::uint64_t last, std::uint64_t flags) {
  return "0x" + hex(first, 16) + " 0x" + hex(last, 16) + " 0x" + hex(flags, 16) + "\n";
}

// The kernel's flags (include/linux/ioport.h) of a region: its type, that it is aligned to its size, and the low bits
// of the register.
std::uint64_t flags_of(Kind kind) {
  switch (kind) {
    case Kind::memory32:
      return 0x40200;
    case Kind::memory64:
      return 0x140204;
    case Kind::prefetchable64:
      return 0x14220c;
    case Kind::io:
      return 0x40101;
  }
  return 0;
}

// The six base address registers and the expansion ROM, then the windows of a bridge.
std::string resources(const PciFunction& f) {
  const auto none = resource_line(0, 0, 0);
  std::string text;
  for (std::uint32_t bar = 0; bar < 7; ++bar) {
    const auto at = std::find_if(f.regions.begin(), f.regions.end(), [&](const auto& r) { return r.bar == bar; });
    text += at == f.regions.end() ? none : resource_line(at->start, at->start + at->bytes - 1, flags_of(at->kind));
  }
  if (f.map == PciMap::root_port) {
    const auto passed = windows(f);
    const auto window = [&](const PciWindow& w, std::uint64_t flags) {
      text += w.empty() ? none : resource_line(w.first, w.last, flags);
    };
    window(passed.io, 0x101);
    window(passed.memory, 0x200);
    window(passed.prefetchable, 0x102201);
    text += none;
  }
  text.pop_back();
  return text;
}

// The text of the kernel's pci_speed_string.
std::string speed(std::uint32_t generation) {
  constexpr std::array<std::string_view, 7> names = {
      "Unknown",        "2.5 GT/s PCIe",  "5.0 GT/s PCIe",  "8.0 GT/s PCIe",
      "16.0 GT/s PCIe", "32.0 GT/s PCIe", "64.0 GT/s PCIe",
  };
  return std::string(names.at(generation < names.size() ? generation : 0));
}

// One bit per processor, in groups of 32, the first group no longer than necessary (the kernel's %*pb).
std::string processor_mask(std::uint32_t processors) {
  std::string text;
  for (auto left = processors; left > 0;) {
    const auto here = (left - 1) % 32 + 1;
    const auto bits = here == 32 ? 0xffff'ffffU : (1U << here) - 1U;
    text += (text.empty() ? "" : ",") + hex(bits, text.empty() ? static_cast<int>((here + 3) / 4) : 8);
    left -= here;
  }
  return text;
}

std::string up(std::size_t levels) {
  std::string path;
  for (std::size_t i = 0; i < levels; ++i) path += "../";
  return path;
}

// Decides for each function which directories are above it below /sys/devices, and which ports among them.
class Places {
 public:
  explicit Places(const std::vector<PciFunction>& functions) {
    std::map<Bus, std::vector<const PciFunction*>> buses;
    for (const auto& f : functions) buses[{f.address.domain, f.address.bus}].push_back(&f);
    for (const auto& [bus, on_it] : buses) used_.insert(bus);
    std::map<std::uint32_t, std::uint32_t> switches;  // domain -> the root bus of the switches' ports
    for (const auto& [bus, on_it] : buses) {
      const bool alone = on_it.size() == 1 && on_it[0]->address.device == 0 && bus.second != 0;
      if (!alone) {
        for (const auto* f : on_it) below_[f->address] = root(bus.first, bus.second);
        continue;
      }
      const auto& f = *on_it[0];
      std::uint32_t root_bus = 0;
      if (f.class_code >> 16U == 0x06) {
        const auto known = switches.find(bus.first);
        root_bus = known != switches.end() ? known->second : switches[bus.first] = free_below(bus);
      } else {
        root_bus = free_below(bus);
      }
      ports_.push_back(root_port({bus.first, root_bus, port_device({bus.first, root_bus})}, f,
                                 static_cast<std::uint32_t>(ports_.size()) + 1));
      below_[ports_.back().address] = root(bus.first, root_bus);
      below_[f.address] = root(bus.first, root_bus) + "/" + ports_.back().address.text();
    }
  }

  [[nodiscard]] const std::vector<PciFunction>& ports() const { return ports_; }
  // "pci0000:06/0000:06:01.0": the directories above the function.
  [[nodiscard]] const std::string& above(const PciFunction& f) const { return below_.at(f.address); }

 private:
  static std::string root(std::uint32_t domain, std::uint32_t bus) {
    return "pci" + hex(domain, 4) + ":" + hex(bus, 2);
  }

  // The highest unused bus number below that of `bus`; 0 if there is none.
  std::uint32_t free_below(const Bus& bus) {
    for (auto number = bus.second; number-- > 0;)
      if (used_.insert({bus.first, number}).second) return number;
    return 0;
  }
  // Ports are devices 1, 2, ... of their bus; numbers of other devices on it are skipped.
  std::uint32_t port_device(const Bus& bus) {
    auto& last = last_port_[bus];
    do ++last;
    while (below_.contains({bus.first, bus.second, last}));
    return last;
  }

  std::set<Bus> used_;
  std::map<Bus, std::uint32_t> last_port_;
  std::vector<PciFunction> ports_;
  std::map<PciAddress, std::string> below_;
};

class Files {
 public:
  Files(const Places& places, std::uint32_t processors, std::vector<TreeEntry>& entries)
      : places_(places), processors_(processors), entries_(entries) {}

  void add(const PciFunction& f) {
    const auto name = f.address.text();
    const auto& above = places_.above(f);
    const auto root = "/sys/devices/" + above + "/" + name;
    const auto depth = static_cast<std::size_t>(std::count(above.begin(), above.end(), '/')) + 2;
    if (const auto bridge = above.substr(0, above.find('/')); made_.insert(bridge).second)
      entries_.push_back(directory_entry("/sys/devices/" + bridge, 0755));
    entries_.push_back(link_entry("/sys/bus/pci/devices/" + name, "../../../devices/" + above + "/" + name));
    entries_.push_back(directory_entry(root, 0755));
    const auto line = [&](const std::string& key, const std::string& text, std::uint32_t mode = 0444) {
      entries_.push_back(file_entry(root + "/" + key, text + "\n", mode));
    };
    const auto up_to_sys = up(depth + 1);
    entries_.push_back(link_entry(root + "/subsystem", up_to_sys + "bus/pci"));
    if (!f.driver.empty()) {
      entries_.push_back(link_entry(root + "/driver", up_to_sys + "bus/pci/drivers/" + f.driver));
      entries_.push_back(
          link_entry("/sys/bus/pci/drivers/" + f.driver + "/" + name, "../../../../devices/" + above + "/" + name));
    }
    line("vendor", "0x" + hex(f.vendor, 4));
    line("device", "0x" + hex(f.device, 4));
    line("subsystem_vendor", "0x" + hex(f.subsystem_vendor, 4));
    line("subsystem_device", "0x" + hex(f.subsystem, 4));
    line("class", "0x" + hex(f.class_code, 6));
    line("revision", "0x" + hex(f.revision, 2));
    line("irq", std::to_string(f.irq));
    line("numa_node", std::to_string(f.numa_node));
    line("local_cpus", processor_mask(processors_));
    line("local_cpulist", processors_ == 1 ? "0" : "0-" + std::to_string(processors_ - 1));
    line("enable", "1");
    line("power_state", "D0");
    line("ari_enabled", "0");
    line("broken_parity_status", "0");
    line("d3cold_allowed", "1");
    line("driver_override", "(null)");
    line("msi_bus", "1");
    if (f.dma_bits != 0) {
      line("dma_mask_bits", std::to_string(f.dma_bits));
      line("consistent_dma_mask_bits", std::to_string(f.dma_bits));
    }
    if (f.function_reset) line("reset_method", "flr", 0644);
    line("max_link_speed", speed(f.link.most));
    line("max_link_width", std::to_string(f.link.width));
    line("current_link_speed", speed(f.link.current));
    line("current_link_width", std::to_string(f.link.width));
    line("resource", resources(f));
    line("modalias", modalias(f));
    line("uevent", uevent(f), 0644);
    if (f.class_code >> 8U == 0x0300) line("boot_vga", "0");
    if (f.map == PciMap::root_port) {
      line("secondary_bus_number", std::to_string(f.secondary_bus));
      line("subordinate_bus_number", std::to_string(f.secondary_bus));
    }
    entries_.push_back(file_entry(root + "/config", config_space(f), 0644));
    if (f.iommu_group >= 0) group(f, root, above, up_to_sys);
    if (f.vfs.known != 0) {
      line("sriov_totalvfs", std::to_string(f.vfs.value));
      line("sriov_numvfs", "0", 0644);
      line("sriov_offset", std::to_string(f.vf_offset));
      line("sriov_stride", "1");
      line("sriov_vf_device", hex(f.device, 4));
      line("sriov_vf_total_msix", "0");
      line("sriov_drivers_autoprobe", "1", 0644);
    }
  }

 private:
  void group(const PciFunction& f, const std::string& root, const std::string& above, const std::string& up_to_sys) {
    const auto number = std::to_string(f.iommu_group);
    const auto group = "/sys/kernel/iommu_groups/" + number;
    if (made_.insert(group).second) {
      entries_.push_back(directory_entry(group, 0755));
      entries_.push_back(directory_entry(group + "/devices", 0755));
      entries_.push_back(file_entry(group + "/type", "DMA\n"));
    }
    const auto name = f.address.text();
    entries_.push_back(link_entry(root + "/iommu_group", up_to_sys + "kernel/iommu_groups/" + number));
    entries_.push_back(link_entry(group + "/devices/" + name, "../../../../devices/" + above + "/" + name));
  }

  const Places& places_;
  std::uint32_t processors_;
  std::vector<TreeEntry>& entries_;
  std::set<std::string> made_;  // created directories, because several functions share some
};

}  // namespace

void add_pci_tree(const NodeConfig& node, std::uint32_t processors, std::vector<TreeEntry>& entries) {
  std::vector<PciFunction> functions;
  for (std::uint32_t i = 0; i < node.gpu_count; ++i) functions.push_back(gpu_function(node, i));
  for (std::uint32_t i = 0; i < node.nvswitches; ++i) functions.push_back(nvswitch_function(node, i));
  const Places places(functions);
  Files files(places, processors, entries);
  for (const auto& f : functions) files.add(f);
  for (const auto& f : places.ports()) files.add(f);
}

}  // namespace gpuslice::sim
