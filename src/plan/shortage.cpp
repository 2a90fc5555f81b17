#include "plan/shortage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "mig/names.hpp"
#include "plan/instance_text.hpp"

namespace gpuslice::plan {
namespace {

struct ResourceName {
  std::string_view key, one, many;
};
// In the order of Resource.
constexpr std::array<ResourceName, 9> resource_names = {{
    {"memory_slices", "memory slice", "memory slices"},
    {"compute_slices", "compute slice", "compute slices"},
    {"copy_engines", "copy engine", "copy engines"},
    {"decoders", "video decoder", "video decoders"},
    {"encoders", "video encoder", "video encoders"},
    {"jpeg_engines", "JPEG engine", "JPEG engines"},
    {"ofa_engines", "optical flow engine", "optical flow engines"},
    {"instances_of_profile", "instance of this profile", "instances of this profile"},
    {"instances", "instance", "instances"},
}};
const ResourceName& name_of(Resource resource) { return resource_names.at(static_cast<std::size_t>(resource)); }

std::string counted(unsigned count, Resource resource) {
  return fmt::format("{} {}", count, count == 1 ? name_of(resource).one : name_of(resource).many);
}

std::string joined(const std::vector<mig::Placement>& placements, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < placements.size(); ++i)
    text += (i == 0                       ? std::string{}
             : i + 1 == placements.size() ? fmt::format(" {} ", last)
                                          : std::string(", ")) +
            place_text(placements[i]);
  return text;
}

template <class Sites>
std::vector<mig::Placement> listed(const Sites& sites) {
  return {sites.begin(), sites.end()};
}

std::string compute_profile_name(const mig::GiProfile& parent, const mig::CiProfile& profile) {
  const auto name = mig::compute_name(parent, profile);
  return name.starts_with("MIG ") ? name.substr(4) : name;
}

// --- compute instances in one GPU instance ---

struct Inner {
  const mig::CiProfile* profile{};
  const model::TargetCi* wanted{};
};

bool may_be_at(const std::optional<mig::Placement>& wanted, mig::Placement site) { return !wanted || *wanted == site; }

// Whether all[next] and the following ones can be created next to the compute instances of `instance`. Exhaustive: at
// most eight instances with at most eight sites each.
bool arrangeable(const mig::GiProfile& parent, const mig::GpuInstance& instance, const std::vector<Inner>& all,
                 std::size_t next) {
  if (next == all.size()) return true;
  const auto& [profile, wanted] = all[next];
  for (const auto site : profile->sites) {
    if (!may_be_at(wanted->placement, site)) continue;
    if (mig::obstacle(parent, instance, *profile, site) != mig::Obstacle::none) continue;
    auto trial = instance;
    if (trial.compute.push_back({mig::CiId{}, profile->id, site}) && arrangeable(parent, trial, all, next + 1))
      return true;
  }
  return false;
}

// Why the compute instances of `wanted` do not fit into an empty GPU instance; nullopt if they fit.
std::optional<Shortage> shortage_inside(const mig::GiProfile& parent, const model::TargetGi& wanted) {
  std::vector<Inner> all;
  for (const auto& one : wanted.compute)
    if (const auto* profile = parent.find(one.profile)) all.push_back({profile, &one});
  if (arrangeable(parent, {}, all, 0)) return std::nullopt;
  Shortage found{std::string(parent.name), {}, wanted.origin};

  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) {
      const auto &mine = all[i].wanted->placement, &other = all[k].wanted->placement;
      if (!mine || !other || !mine->overlaps(*other)) continue;
      Overlap overlap{compute_profile_name(parent, *all[i].profile),
                      *mine,
                      compute_profile_name(parent, *all[k].profile),
                      *other,
                      std::nullopt,
                      all[k].wanted->origin,
                      {}};
      for (const auto site : all[i].profile->sites)
        if (std::none_of(all.begin(), all.end(), [&](const Inner& one) {
              return one.wanted != all[i].wanted && one.wanted->placement && one.wanted->placement->overlaps(site);
            }))
          overlap.free.push_back(site);
      found.origin = all[i].wanted->origin;
      found.reason = std::move(overlap);
      return found;
    }

  unsigned slices = 0;
  std::map<const mig::CiProfile*, unsigned> counts;
  for (const auto& one : all) {
    slices += one.profile->slices;
    ++counts[one.profile];
  }
  if (slices > parent.slices) {
    found.reason = Exhausted{Resource::compute_slices, "", slices, 0, parent.slices};
    return found;
  }
  for (const auto& [profile, count] : counts)
    if (count > profile->max_count) {
      found.reason = Exhausted{Resource::instances_of_profile, compute_profile_name(parent, *profile), count, 0,
                               profile->max_count};
      return found;
    }
  if (all.size() > mig::max_compute_instances) {
    found.reason = Exhausted{Resource::instances, "", static_cast<unsigned>(all.size()), 0,
                             static_cast<unsigned>(mig::max_compute_instances)};
    return found;
  }
  NoArrangement none;
  for (const auto& [profile, count] : counts)
    none.choices.push_back({compute_profile_name(parent, *profile), listed(profile->sites)});
  found.reason = std::move(none);
  return found;
}

// --- GPU instances ---

struct Outer {
  const mig::GiProfile* profile{};
  const model::TargetGi* wanted{};
};

std::optional<Shortage> overlapping(const mig::Capability& capability, const std::vector<Outer>& all,
                                    std::span<const mig::GpuInstance> staying) {
  const auto free_for = [&](const Outer& mine) {
    std::vector<mig::Placement> free;
    for (const auto site : mine.profile->sites) {
      const bool taken =
          std::any_of(staying.begin(), staying.end(), [&](const auto& gi) { return gi.placement.overlaps(site); }) ||
          std::any_of(all.begin(), all.end(), [&](const Outer& one) {
            return one.wanted != mine.wanted && one.wanted->placement && one.wanted->placement->overlaps(site);
          });
      if (!taken) free.push_back(site);
    }
    return free;
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& mine = all[i];
    if (!mine.wanted->placement) continue;
    Overlap overlap{std::string(mine.profile->name), *mine.wanted->placement, "", {}, std::nullopt, {}, {}};
    for (const auto& gi : staying)
      if (gi.placement.overlaps(overlap.at)) {
        overlap.other = profile_text(capability, gi.profile);
        overlap.other_at = gi.placement;
        overlap.other_id = gi.id.value;
        overlap.free = free_for(mine);
        return Shortage{"", std::move(overlap), mine.wanted->origin};
      }
    for (std::size_t k = 0; k < i; ++k) {
      const auto& other = all[k];
      if (!other.wanted->placement || !other.wanted->placement->overlaps(overlap.at)) continue;
      overlap.other = std::string(other.profile->name);
      overlap.other_at = *other.wanted->placement;
      overlap.other_origin = other.wanted->origin;
      overlap.free = free_for(mine);
      return Shortage{"", std::move(overlap), mine.wanted->origin};
    }
  }
  return std::nullopt;
}

// The total amount of each budget that the instances need.
struct Need {
  unsigned memory_slices{}, compute_slices{};
  mig::Engines engines;
  bool engines_known{true};
  void add(const mig::GiProfile& profile, unsigned grid_units) {
    memory_slices += grid_units;
    compute_slices += profile.slices;
    engines_known = engines_known && profile.engines;
    if (profile.engines) engines += *profile.engines;
  }
};

std::optional<Exhausted> exhausted(const mig::Capability& capability, const std::vector<Outer>& all,
                                   std::span<const mig::GpuInstance> staying) {
  Need need, held;
  std::map<const mig::GiProfile*, std::pair<unsigned, unsigned>> counts;  // requested, held
  for (const auto& one : all) {
    unsigned least = capability.grid;
    for (const auto site : one.profile->sites) least = std::min<unsigned>(least, site.size);
    need.add(*one.profile, least);
    ++counts[one.profile].first;
  }
  for (const auto& gi : staying)
    if (const auto* profile = capability.find(gi.profile)) {
      held.add(*profile, gi.placement.size);
      ++counts[profile].second;
    }
  const auto over = [](Resource resource, unsigned requested, unsigned in_use,
                       unsigned total) -> std::optional<Exhausted> {
    if (requested == 0 || requested + in_use <= total) return std::nullopt;
    return Exhausted{resource, "", requested, in_use, total};
  };
  if (auto found = over(Resource::compute_slices, need.compute_slices, held.compute_slices, capability.compute_slices))
    return found;
  if (auto found = over(Resource::memory_slices, need.memory_slices, held.memory_slices, capability.grid)) return found;
  for (const auto& [profile, count] : counts)
    if (auto found = over(Resource::instances_of_profile, count.first, count.second, profile->max_count)) {
      found->profile = std::string(profile->name);
      return found;
    }
  if (capability.pool && need.engines_known && held.engines_known) {
    struct Engine {
      Resource resource;
      std::uint16_t mig::Engines::* member;
    };
    constexpr std::array<Engine, 5> engines = {{{Resource::copy_engines, &mig::Engines::copy},
                                                {Resource::decoders, &mig::Engines::decoder},
                                                {Resource::encoders, &mig::Engines::encoder},
                                                {Resource::jpeg_engines, &mig::Engines::jpeg},
                                                {Resource::ofa_engines, &mig::Engines::ofa}}};
    for (const auto& [resource, member] : engines)
      if (auto found = over(resource, need.engines.*member, held.engines.*member, (*capability.pool).*member))
        return found;
  }
  return over(Resource::instances, static_cast<unsigned>(all.size()), static_cast<unsigned>(staying.size()),
              capability.max_instances);
}

std::string text_of(const Exhausted& e, const std::string& inside) {
  if (e.resource == Resource::instances_of_profile)
    return fmt::format("at most {} of {} fit{} on {}{}", e.total, e.profile, e.total == 1 ? "s" : "",
                       inside.empty() ? "a GPU" : "a " + inside,
                       e.held == 0 ? "" : fmt::format(", and {} exist{} already", e.held, e.held == 1 ? "s" : ""));
  const auto what = counted(e.requested, e.resource);
  const auto owner = inside.empty() ? std::string("the GPU") : "a " + inside;
  if (e.resource == Resource::instances && e.held == 0)
    return fmt::format("they are {}, and {} holds at most {}", what, owner, e.total);
  const auto* be = e.requested == 1 ? "is" : "are";
  if (e.held == 0) return fmt::format("{} {} needed, and {} has {}", what, be, owner, e.total);
  const auto free = e.total > e.held ? e.total - e.held : 0;
  return fmt::format("{} {} needed, and {} of {} {} free", what, be, free, e.total, free == 1 ? "is" : "are");
}

std::string text_of(const Overlap& o, const std::string& /*inside*/) {
  const auto other = o.other_id
                         ? fmt::format("GPU instance {} ({} at {})", *o.other_id, o.other, place_text(o.other_at))
                         : fmt::format("{} at {}", o.other, place_text(o.other_at));
  const auto where = o.other_origin.text().empty() || o.other_id ? "" : fmt::format(" ({})", o.other_origin.text());
  return fmt::format("{} at {} overlaps {}{}; {}", o.profile, place_text(o.at), other, where,
                     o.free.empty() ? fmt::format("no placement of {} is free", o.profile)
                                    : fmt::format("free placements of {}: {}", o.profile, joined(o.free, "and")));
}

std::string text_of(const NoArrangement& n, const std::string& /*inside*/) {
  std::string text;
  for (const auto& choice : n.choices)
    text += fmt::format("{}{} can be placed at {}", text.empty() ? "" : ", ", choice.profile,
                        joined(choice.placements, "or"));
  return text + (n.beside_others ? ", and every possibility overlaps an instance that stays"
                                 : ", and every combination of these overlaps");
}

}  // namespace

Shortage shortage(const mig::Capability& capability, std::span<const model::TargetGi> requested,
                  std::span<const mig::GpuInstance> staying) {
  std::vector<Outer> all;
  for (const auto& one : requested)
    if (const auto* profile = capability.find(one.profile)) all.push_back({profile, &one});
  for (const auto& one : all)
    if (auto found = shortage_inside(*one.profile, *one.wanted)) return *std::move(found);
  if (auto found = overlapping(capability, all, staying)) return *std::move(found);
  const auto origin = all.size() == 1 ? all.front().wanted->origin : model::Origin{};
  if (auto found = exhausted(capability, all, staying)) return {"", *std::move(found), origin};
  NoArrangement none;
  none.beside_others = !staying.empty();
  for (const auto& one : all)
    if (std::none_of(none.choices.begin(), none.choices.end(),
                     [&](const auto& choice) { return choice.profile == one.profile->name; }))
      none.choices.push_back({std::string(one.profile->name), listed(one.profile->sites)});
  return {"", std::move(none), origin};
}

std::string shortage_text(const Shortage& shortage) {
  return std::visit([&](const auto& reason) { return text_of(reason, shortage.inside); }, shortage.reason);
}

std::string_view resource_key(Resource resource) { return name_of(resource).key; }

}  // namespace gpuslice::plan
