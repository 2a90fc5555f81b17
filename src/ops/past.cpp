#include "ops/past.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace gpuslice::ops {
namespace {

using Devices = std::optional<std::vector<model::MigDevice>>;

std::string gi_profile(const store::GpuRecord& record, mig::GiProfileId profile) {
  if (record.profiles)
    for (const auto& one : *record.profiles)
      if (one.profile == profile) return one.name;
  return {};
}

std::string ci_profile(const store::GpuRecord& record, mig::GiProfileId parent, mig::CiProfileId profile) {
  if (record.profiles)
    for (const auto& one : *record.profiles)
      if (one.profile == parent)
        for (const auto& inner : one.compute)
          if (inner.profile == profile) return inner.name;
  return {};
}

std::string uuid_of(const Devices& devices, mig::GiId gi, mig::CiId ci) {
  if (devices)
    for (const auto& one : *devices)
      if (one.gi == gi && one.ci == ci) return one.uuid;
  return {};
}

// The instances of a recorded state: each GPU instance, followed by its compute instances.
std::vector<Past> instances_in(const store::GpuRecord& record, const model::GpuState& state,
                               const std::vector<model::NamedGi>& made, const Devices& devices) {
  std::vector<Past> all;
  for (const auto& gi : state.mig.partition.instances) {
    const auto* named = model::entry_of(made, gi);
    Past outer;
    outer.gpu = record.index;
    outer.gpu_uuid = record.uuid;
    outer.gi = gi.id;
    outer.gi_placement = gi.placement;
    outer.gi_profile = gi_profile(record, gi.profile);
    outer.name = named != nullptr ? named->name : "";
    all.push_back(outer);
    for (const auto& ci : gi.compute) {
      const auto* called = named != nullptr ? model::entry_of(named->compute, ci) : nullptr;
      auto inner = outer;
      inner.ci = ci.id;
      inner.ci_placement = ci.placement;
      inner.ci_profile = ci_profile(record, gi.profile, ci.profile);
      inner.uuid = uuid_of(devices, gi.id, ci.id);
      inner.name = called == nullptr || called->name.empty() ? ""
                   : outer.name.empty()                      ? called->name
                                                             : outer.name + "/" + called->name;
      all.push_back(std::move(inner));
    }
  }
  return all;
}

struct Matches {
  const Past& one;

  bool operator()(const PathWord& path) const {
    return path.gi && one.gpu == path.gpu && one.gi == path.gi && one.ci == path.ci;
  }
  bool operator()(const UuidWord& word) const { return !one.uuid.empty() && one.uuid.starts_with(word.beginning); }
  bool operator()(const MigPathWord& word) const {
    return one.gpu_uuid == word.gpu_uuid && one.gi == word.gi && one.ci == word.ci;
  }
  bool operator()(const NameWord& word) const {
    if (one.name.empty()) return false;
    auto dotted = one.name;
    std::ranges::replace(dotted, '/', '.');
    return one.name == word.name || dotted == word.name || one.name.ends_with("/" + word.name);
  }
  // MIG indices, addresses and device files are not recorded.
  bool operator()(const MigIndexWord&) const { return false; }
  bool operator()(const FileWord&) const { return false; }
  bool operator()(const PciWord&) const { return false; }
};

std::optional<Past> found_in(std::vector<Past> instances, const DeviceWord& word) {
  for (auto& one : instances)
    if (std::visit(Matches{one}, word)) return std::move(one);
  return std::nullopt;
}

}  // namespace

std::optional<Past> past_of(const std::vector<store::Transaction>& history, const DeviceWord& word) {
  for (const auto& change : history | std::views::reverse)
    for (const auto& gpu : change.gpus) {
      auto found = found_in(instances_in(gpu, gpu.after, gpu.made_after, gpu.devices_after), word);
      const bool destroyed = !found;
      if (destroyed) found = found_in(instances_in(gpu, gpu.before, gpu.made_before, gpu.devices_before), word);
      if (!found) continue;
      found->destroyed = destroyed;
      found->number = change.number;
      found->verb = change.verb;
      found->user = change.user;
      found->time = change.started;
      return found;
    }
  return std::nullopt;
}

}  // namespace gpuslice::ops
