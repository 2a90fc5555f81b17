#include "plan/shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "mig/names.hpp"

namespace gpuslice::plan {
namespace {

using Key = std::pair<mig::Placement, std::uint32_t>;  // place, profile

std::set<Key> compute_of(const mig::GpuInstance& gi) {
  std::set<Key> all;
  for (const auto& ci : gi.compute) all.insert({ci.placement, ci.profile.value});
  return all;
}
std::map<Key, std::set<Key>> instances_of(const mig::GpuState& state) {
  std::map<Key, std::set<Key>> all;
  for (const auto& gi : state.partition.instances) all[{gi.placement, gi.profile.value}] = compute_of(gi);
  return all;
}

std::string place(mig::Placement p) { return fmt::format("{}:{}", p.start, p.size); }
std::string gi_name(const mig::Capability& capability, mig::GiProfileId id) {
  const auto* profile = capability.find(id);
  return profile != nullptr ? std::string(profile->name) : fmt::format("profile {}", id.value);
}
// " (profile 7, 26 SM)" where the size alone does not say which it is.
std::string distinction(const mig::GiProfile& parent, const mig::CiProfile& profile) {
  if (!shares_its_size(parent, profile)) return {};
  return profile.multiprocessors ? fmt::format(" (profile {}, {} SM)", profile.id.value, *profile.multiprocessors)
                                 : fmt::format(" (profile {})", profile.id.value);
}
std::string ci_name(const mig::Capability& capability, mig::GiProfileId gi, mig::CiProfileId ci) {
  const auto* parent = capability.find(gi);
  const auto* profile = parent != nullptr ? parent->find(ci) : nullptr;
  if (profile == nullptr) return fmt::format("compute profile {}", ci.value);
  const auto name = mig::compute_name(*parent, *profile);
  return (name.starts_with("MIG ") ? name.substr(4) : name) + distinction(*parent, *profile);
}

const mig::GpuInstance* at(const mig::GpuState& state, mig::Placement placement) {
  for (const auto& gi : state.partition.instances)
    if (gi.placement == placement) return &gi;
  return nullptr;
}

Result<mig::Op> operation(const mig::GpuState& state, const model::Step& step) {
  using Kind = model::Step::Kind;
  if (step.kind == Kind::enable_mig || step.kind == Kind::disable_mig)
    return mig::SetMode{step.kind == Kind::enable_mig};
  if (step.kind == Kind::reset) return mig::Reset{};
  if (step.kind == Kind::create_gi) {
    std::uint32_t id = 0;
    while (state.partition.find(mig::GiId{id}) != nullptr) ++id;
    return mig::CreateGi{step.gi_profile, step.gi_placement, mig::GiId{id}};
  }
  const auto* gi = at(state, step.gi_placement);
  if (gi == nullptr || gi->profile != step.gi_profile)
    return fail(ErrorKind::refused, place(step.gi_placement), "no such GPU instance there");
  if (step.kind == Kind::destroy_gi) return mig::DestroyGi{gi->id};
  if (step.kind == Kind::create_ci) {
    const auto id = mig::lowest_free_ci(*gi);
    if (!id) return fail(ErrorKind::refused, place(step.gi_placement), "as many compute instances as there may be");
    return mig::CreateCi{gi->id, step.ci_profile, step.ci_placement, *id};
  }
  for (const auto& ci : gi->compute)
    if (ci.placement == step.ci_placement && ci.profile == step.ci_profile) return mig::DestroyCi{gi->id, ci.id};
  return fail(ErrorKind::refused, place(step.ci_placement), "no such compute instance there");
}

}  // namespace

bool shares_its_size(const mig::GiProfile& parent, const mig::CiProfile& profile) {
  return std::any_of(parent.compute.begin(), parent.compute.end(),
                     [&](const auto& other) { return other.slices == profile.slices && other.id != profile.id; });
}

std::string share_text(const mig::GiProfile& parent, const mig::CiProfile& profile) {
  return fmt::format("{}c", profile.slices) + distinction(parent, profile);
}

bool same_shape(const mig::GpuState& a, const mig::GpuState& b) {
  return a.mode == b.mode && a.pending == b.pending && instances_of(a) == instances_of(b);
}

std::string shape_text(const mig::Capability& capability, const mig::GpuState& state) {
  std::string text = state.mode ? "MIG on" : "MIG off";
  if (state.pending != state.mode) text += state.pending ? " (on pending)" : " (off pending)";
  for (const auto& [gi, compute] : instances_of(state)) {
    const mig::GiProfileId profile{gi.second};
    text += fmt::format(" {}@{}{{", gi_name(capability, profile), place(gi.first));
    const char* comma = "";
    for (const auto& ci : compute) {
      text += fmt::format("{}{}@{}", comma, ci_name(capability, profile, mig::CiProfileId{ci.second}), place(ci.first));
      comma = ",";
    }
    text += "}";
  }
  return text;
}

std::string unexpected_text(const mig::Capability& capability, const mig::GpuState& expected,
                            const mig::GpuState& found) {
  std::string text;
  const auto say = [&](const std::string& one) { text += (text.empty() ? "" : "; ") + one; };
  if (expected.mode != found.mode || expected.pending != found.pending)
    say(fmt::format("MIG mode is {}{}", found.mode ? "on" : "off",
                    found.mode == found.pending ? ""
                    : found.pending             ? ", on pending"
                                                : ", off pending"));
  const auto wanted = instances_of(expected), seen = instances_of(found);
  const auto name = [&](const Key& gi) {
    return fmt::format("{} at {}", gi_name(capability, mig::GiProfileId{gi.second}), place(gi.first));
  };
  const auto say_compute = [&](const Key& gi, const std::set<Key>& some, const std::set<Key>& others,
                               const char* what) {
    for (const auto& ci : some)
      if (!others.contains(ci))
        say(fmt::format("compute instance {} at {} in {} {}",
                        ci_name(capability, mig::GiProfileId{gi.second}, mig::CiProfileId{ci.second}), place(ci.first),
                        name(gi), what));
  };
  for (const auto& [gi, compute] : wanted)
    if (const auto same = seen.find(gi); same == seen.end())
      say(fmt::format("GPU instance {} is not there", name(gi)));
    else
      say_compute(gi, compute, same->second, "is not there");
  for (const auto& [gi, compute] : seen)
    if (const auto same = wanted.find(gi); same == wanted.end())
      say(fmt::format("GPU instance {} is there", name(gi)));
    else
      say_compute(gi, compute, same->second, "is there");
  return text;
}

Result<mig::GpuState> after_step(const mig::Capability& capability, const mig::GpuState& state,
                                 const std::vector<model::Client>& clients, const model::Step& step) {
  // The one comes into force with the other, and neither is the driver's doing.
  if (step.kind == model::Step::Kind::compute_display) return state;
  if (step.kind == model::Step::Kind::reboot) {
    auto rebooted = state;
    rebooted.compute_display = true;
    return rebooted;
  }
  const auto op = GPUSLICE_TRY(operation(state, step));
  std::vector<mig::Holder> holders;
  holders.reserve(clients.size());
  for (const auto& client : clients) holders.push_back({client.pid, client.gi, client.ci});
  auto done = mig::step(capability, state, holders, op);
  if (!done) return fail(ErrorKind::refused, step_text(capability, step), "the rules of MIG do not allow it there");
  return done->state;
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

std::string step_text(const mig::Capability& capability, const model::Step& step) {
  using Kind = model::Step::Kind;
  const auto gi = fmt::format("{} at {}", gi_name(capability, step.gi_profile), place(step.gi_placement));
  const auto ci =
      fmt::format("{} at {}", ci_name(capability, step.gi_profile, step.ci_profile), place(step.ci_placement));
  switch (step.kind) {
    case Kind::compute_display:
      return "switch to the compute display mode";
    case Kind::reboot:
      return "reboot the node";
    case Kind::reset:
      return "reset the GPU";
    case Kind::enable_mig:
      return "enable MIG mode";
    case Kind::disable_mig:
      return "disable MIG mode";
    case Kind::destroy_ci:
      return fmt::format("destroy compute instance {} in {}", ci, gi);
    case Kind::destroy_gi:
      return fmt::format("destroy GPU instance {}", gi);
    case Kind::create_gi:
      return fmt::format("create GPU instance {}", gi);
    case Kind::create_ci:
      return fmt::format("create compute instance {} in {}", ci, gi);
  }
  return {};
}

}  // namespace gpuslice::plan
