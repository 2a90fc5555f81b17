#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "spec/keys.hpp"
#include "spec/print.hpp"
#include "spec/read_mig_parted.hpp"

namespace gpuslice::spec {
namespace {

std::string_view without_mig(std::string_view word) {
  if (word.starts_with("MIG ")) word.remove_prefix(4);
  return word;
}

// The MIG devices of a GPU instance, or the reason why mig-parted cannot name them.
struct Devices {
  std::vector<MigDevice> list;
  std::string fault;
};

std::optional<MigDevice> compute_device(const MigDevice& parent, const std::string& word) {
  const auto bare = without_mig(word);
  auto whole_name = std::string(bare);
  if (!bare.empty() && bare.back() == 'c' && bare.find('.') == std::string_view::npos)
    whole_name += "." + parent.parent;
  auto device = to_mig_device(whole_name);
  // A compute instance may also be named after its parent without attributes.
  const auto base = parent.parent.substr(0, parent.parent.find_first_of("+-"));
  if (!device || (device->parent != parent.parent && device->parent != base)) return std::nullopt;
  device->parent = parent.parent;
  return device;
}

Devices devices_of(const model::WantedGi& gi) {
  const auto bare = without_mig(gi.profile);
  const auto parent = to_mig_device(bare);
  if (!parent || parent->text() != bare)
    return {{}, fmt::format("{} is not a full profile name, which mig-parted requires", gi.profile)};
  if (!gi.compute) return {{*parent}, {}};
  if (gi.compute->empty())
    return {{}, fmt::format("{} has no compute instances; mig-parted always creates at least one", gi.profile)};
  Devices made;
  for (const auto& ci : *gi.compute) {
    const auto device = compute_device(*parent, ci.profile);
    if (!device)
      return {{},
              fmt::format("the compute instance {} of {} is not given as a share such as 1c, which mig-parted requires",
                          ci.profile, gi.profile)};
    made.list.push_back(*device);
  }
  return made;
}

// The instances as a sorted list: each with its profile and the slices of its compute instances.
std::vector<std::pair<std::string, std::vector<unsigned>>> shares(const std::vector<model::WantedGi>& instances) {
  std::vector<std::pair<std::string, std::vector<unsigned>>> all;
  for (const auto& gi : instances) {
    std::vector<unsigned> slices;
    const auto devices = devices_of(gi).list;
    if (devices.empty()) continue;
    slices.reserve(devices.size());
    for (const auto& device : devices) slices.push_back(device.slices);
    std::sort(slices.begin(), slices.end());
    all.emplace_back(devices[0].parent, slices);
  }
  std::sort(all.begin(), all.end());
  return all;
}

template <class List>
bool apart(const List& a, const List& b) {
  return !a.empty() && !b.empty() && std::none_of(a.begin(), a.end(), [&](const auto& one) {
    return std::find(b.begin(), b.end(), one) != b.end();
  });
}

class Writer {
 public:
  MigParted write(const std::vector<model::Layout>& layouts) {
    made_.text = fmt::format("version: {}\nmig-configs:{}\n", version_mig_parted, layouts.empty() ? " {}" : "");
    for (const auto& layout : layouts) configuration(layout);
    return made_;
  }

 private:
  void configuration(const model::Layout& layout) {
    made_.text += fmt::format("  {}:\n", yaml_word(layout.name.empty() ? "current" : layout.name));
    overlaps(layout);
    bool any = false;
    for (const auto& gpu : layout.gpus) any = entry(gpu) || any;
    // A configuration needs at least one entry; this one selects no GPU.
    if (!any) made_.text += "    - devices: []\n      mig-enabled: false\n";
  }

  void lost(const model::Origin& at, const std::string& what) { made_.lost.push_back(line(at, what)); }
  // Reports a loss that changes the result on a GPU; `instead` is what is written.
  void missing(const model::Origin& at, const std::string& what, const std::string& instead) {
    made_.missing.push_back(line(at, what));
    lost(at, what + instead);
  }
  static std::string line(const model::Origin& at, const std::string& what) {
    const auto where = at.text();
    return where.empty() ? what : where + ": " + what;
  }

  void overlaps(const model::Layout& layout) {
    if (layout.later_wins) return;
    for (std::size_t i = 0; i < layout.gpus.size(); ++i)
      for (std::size_t j = i + 1; j < layout.gpus.size(); ++j) {
        const auto& a = layout.gpus[i].selector;
        const auto& b = layout.gpus[j].selector;
        if (apart(a.index, b.index) || apart(a.pci_device_ids, b.pci_device_ids)) continue;
        return lost(
            layout.gpus[j].origin,
            "selecting a GPU that an earlier entry selects too is an error here; mig-parted uses the later entry");
      }
  }

  // "all", "[0, 1]", or "[]" if mig-parted cannot express the selection.
  std::string devices(const model::GpuEntry& gpu) {
    const auto& s = gpu.selector;
    std::string words;
    const auto add = [&](std::string_view key, const std::vector<std::string>& list) {
      if (!list.empty()) words += fmt::format("{}{} {}", words.empty() ? "" : " and ", key, fmt::join(list, ", "));
    };
    add("uuid", s.uuid);
    add("pci", s.pci);
    add("product", s.product);
    if (!words.empty()) {
      missing(gpu.origin, fmt::format("it selects by {}; mig-parted selects by index and device id only", words),
              ", so this is written with `devices: []`, which selects no GPU: fill in the indices");
      return "[]";
    }
    return s.index.empty() ? "all" : fmt::format("[{}]", fmt::join(s.index, ", "));
  }

  bool entry(const model::GpuEntry& gpu) {
    const bool on = gpu.mig.value_or(!gpu.instances.empty());
    if (!gpu.mig && !on) {
      missing(gpu.origin, "it leaves MIG mode unchanged, which mig-parted cannot express", "; the entry is left out");
      return false;
    }
    if (on && gpu.foreign == model::Foreign::keep)
      lost(gpu.origin, "it keeps foreign instances; mig-parted removes whatever the file does not name");
    if (gpu.compute_mode) lost(gpu.origin, "it sets the compute mode, which mig-parted cannot");
    if (gpu.time_slice) lost(gpu.origin, "it sets the time slice, which mig-parted cannot");
    const auto selected = devices(gpu);
    std::string filter;
    for (const auto id : gpu.selector.pci_device_ids)
      filter += fmt::format("{}\"0x{:08X}\"", filter.empty() ? "" : ", ", id);
    made_.text += "    - ";
    if (!filter.empty()) made_.text += fmt::format("device-filter: [{}]\n      ", filter);
    made_.text += fmt::format("devices: {}\n      mig-enabled: {}\n", selected, on);
    if (on) mig_devices(gpu);
    return true;
  }

  void mig_devices(const model::GpuEntry& gpu) {
    std::vector<MigDevice> all;
    for (const auto& gi : gpu.instances) {
      const auto devices = devices_of(gi);
      if (!devices.fault.empty()) missing(gi.origin, devices.fault, "; the instance is left out");
      all.insert(all.end(), devices.list.begin(), devices.list.end());
      if (devices.fault.empty()) {
        names_and_places(gi);
        for (const auto& ci : gi.compute.value_or(std::vector<model::WantedCi>{})) names_and_places(ci);
      }
    }
    const auto again = packed(all);
    if (shares(again) != shares(gpu.instances))
      missing(
          gpu.origin,
          "how compute instances are distributed over GPU instances; mig-parted fills one GPU instance after another",
          "");
    std::vector<std::pair<std::string, unsigned>> counts;
    for (const auto& device : all) {
      const auto same =
          std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == device.text(); });
      if (same == counts.end())
        counts.emplace_back(device.text(), 1);
      else
        ++same->second;
    }
    made_.text += counts.empty() ? "      mig-devices: {}\n" : "      mig-devices:\n";
    for (const auto& [name, count] : counts) made_.text += fmt::format("        \"{}\": {}\n", name, count);
  }

  template <class Wanted>
  void names_and_places(const Wanted& one) {
    if (!one.name.empty())
      lost(one.origin, fmt::format("the name \"{}\" of {}; mig-parted has no names", one.name, one.profile));
    if (one.placement)
      lost(one.origin, fmt::format("the placement of {} at {}; mig-parted leaves it to the driver", one.profile,
                                   one.placement->start));
  }

  MigParted made_;
};

}  // namespace

MigParted print_mig_parted(const model::Layout& layout) { return Writer().write({layout}); }
MigParted print_mig_parted(const std::vector<model::Layout>& layouts) { return Writer().write(layouts); }

}  // namespace gpuslice::spec
