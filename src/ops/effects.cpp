#include "ops/effects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/number.hpp"
#include "fields/reading.hpp"

namespace gpuslice::ops {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "DeviceFileMinor: 21", the first of the three lines of a capability file (NVIDIA MIG User Guide, Device Nodes and
// Capabilities).
std::optional<std::uint32_t> capability_minor(const std::string& path) {
  std::istringstream lines(text_of(path));
  std::string key, value;
  while (lines >> key >> value)
    if (key == "DeviceFileMinor:") return parse_number<std::uint32_t>(value);
  return std::nullopt;
}

// The major number of the first of these names in /proc/devices.
std::optional<std::uint32_t> major_of(const std::string& root, std::initializer_list<std::string_view> names) {
  const auto text = text_of(root + "/proc/devices");
  for (const auto wanted : names) {
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) {
      std::istringstream words(line);
      std::string number, name;
      if (words >> number >> name && name == wanted) return parse_number<std::uint32_t>(number);
    }
  }
  return std::nullopt;
}

bool same(const Instance& a, const Instance& b) {
  return a.gi == b.gi && a.ci == b.ci && a.gi_seat == b.gi_seat && a.ci_seat == b.ci_seat;
}

std::vector<Instance> without(const std::vector<Instance>& all, const std::vector<Instance>& others) {
  std::vector<Instance> left;
  for (const auto& one : all)
    if (std::ranges::none_of(others, [&](const auto& other) { return same(one, other); })) left.push_back(one);
  return left;
}

}  // namespace

void Effects::add(const Effects& more) {
  created.insert(created.end(), more.created.begin(), more.created.end());
  destroyed.insert(destroyed.end(), more.destroyed.begin(), more.destroyed.end());
}

std::string share_name(const mig::Capability& capability, mig::GiProfileId gi, mig::CiProfileId ci) {
  const auto* parent = capability.find(gi);
  const auto* profile = parent != nullptr ? parent->find(ci) : nullptr;
  return profile != nullptr ? fmt::format("{}c", profile->slices) : std::string{};
}

std::vector<Instance> instances_of(const model::Gpu& gpu) {
  std::vector<Instance> all;
  for (const auto& gi : gpu.state.mig.partition.instances) {
    const auto* profile = gpu.capability.find(gi.profile);
    const auto* named = model::entry_of(gpu.made, gi);
    Instance outer;
    outer.gpu = gpu.index;
    outer.gpu_uuid = gpu.uuid;
    outer.gi = gi.id;
    outer.gi_seat = {gi.profile, gi.placement};
    outer.gi_profile = profile != nullptr ? std::string(profile->name) : std::string{};
    auto inner = outer;
    outer.name = named != nullptr ? named->name : "";
    all.push_back(std::move(outer));
    for (const auto& ci : gi.compute) {
      const auto* called = named != nullptr ? model::entry_of(named->compute, ci) : nullptr;
      inner.ci = ci.id;
      inner.ci_seat = model::CiSeat{inner.gi_seat, ci.profile, ci.placement};
      inner.ci_profile = share_name(gpu.capability, gi.profile, ci.profile);
      inner.name = called != nullptr ? called->name : "";
      const auto device =
          std::ranges::find_if(gpu.devices, [&](const auto& one) { return one.gi == gi.id && one.ci == ci.id; });
      inner.uuid = device != gpu.devices.end() ? device->uuid : "";
      all.push_back(inner);
    }
  }
  return all;
}

Effects effects_between(const model::Gpu& before, const model::Gpu& after, const std::string& name) {
  const auto old = instances_of(before), now = instances_of(after);
  Effects effects{without(now, old), without(old, now)};
  for (auto& one : effects.created) one.name = name;
  return effects;
}

std::optional<std::vector<DeviceNode>> device_nodes(node::Node& node, const std::string& root, GpuIndex gpu,
                                                    std::optional<mig::GiId> gi, std::optional<mig::CiId> ci) {
  using Of = DeviceNode::Of;
  const auto reading = node.readings().read(gpu, fields::Reading::minor_number);
  if (!reading) return std::nullopt;
  const auto gpu_minor = static_cast<std::uint32_t>(reading->number());
  // Older drivers register their major number under the name "nvidia-frontend".
  std::vector<DeviceNode> nodes = {
      {Of::gpu, fmt::format("/dev/nvidia{}", gpu_minor), major_of(root, {"nvidia", "nvidia-frontend"}), gpu_minor}};
  if (!gi) return nodes;
  const auto major = major_of(root, {"nvidia-caps"});
  auto folder = fmt::format("{}/proc/driver/nvidia/capabilities/gpu{}/mig/gi{}", root, gpu_minor, gi->value);
  const auto add = [&](Of of) {
    const auto minor = capability_minor(folder + "/access");
    if (minor) nodes.push_back({of, fmt::format("/dev/nvidia-caps/nvidia-cap{}", *minor), major, *minor});
    return minor.has_value();
  };
  if (!add(Of::gpu_instance)) return std::nullopt;
  if (!ci) return nodes;
  folder += fmt::format("/ci{}", ci->value);
  if (!add(Of::compute_instance)) return std::nullopt;
  return nodes;
}

void read_device_nodes(Workers& workers, const std::string& root, std::vector<Instance>& instances) {
  if (instances.empty()) return;
  const auto gpu = instances.front().gpu;
  auto read = workers.on(gpu, [root, gpu, all = instances](node::Node& node) mutable -> Result<std::vector<Instance>> {
    for (auto& one : all) one.nodes = device_nodes(node, root, gpu, one.gi, one.ci);
    return std::move(all);
  });
  if (read) instances = *std::move(read);
}

}  // namespace gpuslice::ops
