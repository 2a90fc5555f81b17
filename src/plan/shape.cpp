#include "plan/shape.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "plan/instance_text.hpp"
#include "plan/settings.hpp"

namespace gpuslice::plan {
namespace {

using Key = std::pair<mig::Placement, std::uint32_t>;  // placement, profile

std::set<Key> compute_of(const mig::GpuInstance& gi) {
  std::set<Key> all;
  for (const auto& ci : gi.compute) all.insert({ci.placement, ci.profile.value});
  return all;
}
std::map<Key, std::set<Key>> instances_of(const model::GpuState& state) {
  std::map<Key, std::set<Key>> all;
  for (const auto& gi : state.mig.partition.instances) all[{gi.placement, gi.profile.value}] = compute_of(gi);
  return all;
}

// A setting is compared only if both states know it.
template <class Setting>
bool differ(const std::optional<Setting>& a, const std::optional<Setting>& b) {
  return a && b && *a != *b;
}

}  // namespace

bool same_shape(const model::GpuState& a, const model::GpuState& b) {
  bool same = a.mig.mode == b.mig.mode && a.mig.pending == b.mig.pending && instances_of(a) == instances_of(b);
  each_setting(a, [&](const char*, auto member, auto) { same = same && !differ(a.*member, b.*member); });
  return same;
}

std::string shape_text(const mig::Capability& capability, const model::GpuState& state) {
  std::string text = state.mig.mode ? "MIG on" : "MIG off";
  if (state.mig.pending != state.mig.mode) text += state.mig.pending ? " (on pending)" : " (off pending)";
  for (const auto& [gi, compute] : instances_of(state)) {
    const mig::GiProfileId profile{gi.second};
    text += fmt::format(" {}@{}{{", profile_text(capability, profile), place_text(gi.first));
    const char* comma = "";
    for (const auto& ci : compute) {
      text += fmt::format("{}{}@{}", comma, profile_text(capability, profile, mig::CiProfileId{ci.second}),
                          place_text(ci.first));
      comma = ",";
    }
    text += "}";
  }
  return text;
}

std::string unexpected_text(const mig::Capability& capability, const model::GpuState& expected,
                            const model::GpuState& found) {
  std::string text;
  const auto say = [&](const std::string& one) { text += (text.empty() ? "" : "; ") + one; };
  if (expected.mig.mode != found.mig.mode || expected.mig.pending != found.mig.pending)
    say(fmt::format("MIG mode is {}{}", found.mig.mode ? "on" : "off",
                    found.mig.mode == found.mig.pending ? ""
                    : found.mig.pending                 ? ", on pending"
                                                        : ", off pending"));
  each_setting(expected, [&](const char* name, auto member, auto) {
    if (differ(expected.*member, found.*member)) say(fmt::format("{} is {}", name, setting_text(*(found.*member))));
  });
  const auto wanted = instances_of(expected), seen = instances_of(found);
  const auto name = [&](const Key& gi) {
    return fmt::format("{} at {}", profile_text(capability, mig::GiProfileId{gi.second}), place_text(gi.first));
  };
  const auto say_compute = [&](const Key& gi, const std::set<Key>& some, const std::set<Key>& others,
                               const char* what) {
    for (const auto& ci : some)
      if (!others.contains(ci))
        say(fmt::format("compute instance {} at {} in {} {}",
                        profile_text(capability, mig::GiProfileId{gi.second}, mig::CiProfileId{ci.second}),
                        place_text(ci.first), name(gi), what));
  };
  for (const auto& [gi, compute] : wanted)
    if (const auto same = seen.find(gi); same == seen.end())
      say(fmt::format("GPU instance {} does not exist", name(gi)));
    else
      say_compute(gi, compute, same->second, "does not exist");
  for (const auto& [gi, compute] : seen)
    if (const auto same = wanted.find(gi); same == wanted.end())
      say(fmt::format("GPU instance {} exists", name(gi)));
    else
      say_compute(gi, compute, same->second, "exists");
  return text;
}

std::string digest(const model::Inventory& inventory) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a, 64 bits
  const auto add = [&](const std::string& text) {
    for (const char c : text + "\n") {
      hash ^= static_cast<unsigned char>(c);
      hash *= 0x100000001b3ULL;
    }
  };
  for (const auto& gpu : inventory.gpus) add(gpu.uuid + " " + shape_text(gpu.capability, gpu.state));
  return fmt::format("{:016x}", hash);
}

}  // namespace gpuslice::plan
