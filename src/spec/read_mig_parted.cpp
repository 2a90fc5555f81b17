#include "spec/read_mig_parted.hpp"

#include <algorithm>
#include <tuple>

namespace gpuslice::spec {
namespace {

model::GpuEntry read_entry(const Value& value, const model::Origin& origin) {
  model::GpuEntry entry;
  entry.origin = origin;
  entry.foreign = model::Foreign::remove;
  entry.mig = to_bool(*value.find("mig-enabled"));
  for (const auto& index : value.find("devices")->items)
    entry.selector.index.push_back(static_cast<std::uint32_t>(to_number(index).value_or(0)));
  if (const auto* filter = value.find("device-filter")) {
    // A list is not an id itself, and neither is an empty filter.
    if (const auto id = to_device_id(*filter)) entry.selector.pci_device_ids.push_back(*id);
    for (const auto& one : filter->items) entry.selector.pci_device_ids.push_back(to_device_id(one).value_or(0));
  }
  if (const auto* counts = value.find("mig-devices")) {
    std::vector<MigDevice> devices;
    for (const auto& member : counts->members)
      devices.insert(devices.end(), to_number(member.value).value_or(0),
                     to_mig_device(member.key).value_or(MigDevice{}));
    entry.instances = packed(devices);
    for (auto& instance : entry.instances) instance.origin = {origin.file, counts->line};
  }
  return entry;
}

}  // namespace

File read_mig_parted(const Value& root, const std::string& file) {
  File made;
  made.origin = {file, root.line, model::Format::mig_parted};
  for (const auto& member : root.find("mig-configs")->members) {
    model::Layout layout;
    layout.name = member.key;
    layout.later_wins = true;
    layout.origin = {file, member.line, model::Format::mig_parted};
    for (const auto& value : member.value.items) {
      const auto* devices = value.find("devices");
      if (devices->kind == Value::Kind::list && devices->items.empty()) {
        made.left_out.push_back({member.key, {file, value.line, model::Format::mig_parted}});
        continue;
      }
      layout.gpus.push_back(read_entry(value, {file, value.line}));
    }
    made.configurations.push_back(layout);
  }
  return made;
}

std::vector<model::WantedGi> packed(std::vector<MigDevice> devices) {
  std::stable_sort(devices.begin(), devices.end(), [](const MigDevice& a, const MigDevice& b) {
    return std::tie(b.of, a.parent, b.slices) < std::tie(a.of, b.parent, a.slices);
  });
  std::vector<model::WantedGi> instances;
  std::vector<unsigned> room;  // free compute slices of each instance
  for (const auto& device : devices) {
    std::size_t at = 0;
    while (at < instances.size() && (instances[at].profile != device.parent || room[at] < device.slices)) ++at;
    if (at == instances.size()) {
      instances.push_back({{}, device.parent, {}, {}, {}});
      room.push_back(device.of);
    }
    room[at] -= device.slices;
    if (device.whole()) continue;
    auto& compute = instances[at].compute;
    if (!compute) compute.emplace();
    compute->push_back({{}, std::to_string(device.slices) + "c", {}, {}});
  }
  return instances;
}

}  // namespace gpuslice::spec
