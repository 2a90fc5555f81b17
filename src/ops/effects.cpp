#include "ops/effects.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gpuslice::ops {
namespace {

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

void Effects::name_parents_from(const Effects& earlier) {
  for (auto& one : created)
    for (const auto& parent : earlier.created)
      if (one.ci && !parent.ci && one.gpu == parent.gpu && one.gi == parent.gi) one.gi_name = parent.name;
}

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
    outer.gi_name = named != nullptr ? named->name : "";
    auto inner = outer;
    outer.name = outer.gi_name;
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
  for (auto& one : effects.created) {
    one.name = name;
    if (!one.ci) one.gi_name = name;
  }
  return effects;
}

void read_device_nodes(Workers& workers, std::vector<Instance>& instances) {
  if (instances.empty()) return;
  const auto gpu = instances.front().gpu;
  auto read = workers.on(gpu, [gpu, all = instances](node::Node& node) mutable -> Result<std::vector<Instance>> {
    for (auto& one : all)
      if (auto nodes = node.device_files().of(gpu, one.gi, one.ci)) one.nodes = *std::move(nodes);
    return std::move(all);
  });
  if (read) instances = *std::move(read);
}

}  // namespace gpuslice::ops
