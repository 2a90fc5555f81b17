#include "plan/gpu_planner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <optional>

#include "plan/instance_text.hpp"
#include "plan/seats.hpp"
#include "plan/settings.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::plan {
namespace {

using model::Step;

const model::NamedGi* made_by_us(const model::Gpu& gpu, const mig::GpuInstance& gi) {
  return model::entry_of(gpu.made, gi);
}
const model::NamedCi* made_by_us(const model::NamedGi* parent, const mig::ComputeInstance& ci) {
  return parent != nullptr ? model::entry_of(parent->compute, ci) : nullptr;
}

std::vector<model::Client> clients_of(const model::Gpu& gpu, mig::GiId gi, std::optional<mig::CiId> ci) {
  std::vector<model::Client> found;
  for (const auto& client : gpu.clients)
    if (client.gi == gi && client.ci == ci) found.push_back(client);
  return found;
}
std::vector<model::Client> clients_of_whole(const model::Gpu& gpu) {
  std::vector<model::Client> found;
  for (const auto& client : gpu.clients)
    if (!client.gi) found.push_back(client);
  return found;
}

Price price_of_destroying(const model::Gpu& gpu, const mig::GpuInstance& gi, const mig::ComputeInstance& ci) {
  return {clients_of(gpu, gi.id, ci.id).empty() ? 0 : 1, 1, 1, 0};
}
Price price_of_destroying(const model::Gpu& gpu, const mig::GpuInstance& gi) {
  Price price{clients_of(gpu, gi.id, std::nullopt).empty() ? 0 : 1, 1, 1, 0};
  for (const auto& ci : gi.compute) price = price + price_of_destroying(gpu, gi, ci);
  return price;
}

// The plan for the compute instances of one GPU instance: the placement of each requested one, and whether it exists.
struct Inside {
  Price price;
  std::vector<mig::Placement> places;                 // one per entry of target.compute
  std::vector<const mig::ComputeInstance*> existing;  // one per entry of target.compute; null: to be created
  std::vector<const mig::ComputeInstance*> doomed;
};

// The cheapest way to create the compute instances of `target` in `gi` (null: still to be created). Empty if they do
// not fit next to the compute instances that are kept.
std::optional<Inside> plan_inside(const model::Gpu& gpu, const mig::GiProfile& parent, const mig::GpuInstance* gi,
                                  const model::TargetGi& target, model::Foreign foreign) {
  const auto* ours = gi != nullptr ? made_by_us(gpu, *gi) : nullptr;
  std::vector<const mig::ComputeInstance*> kept, removable;
  Price base;
  if (gi != nullptr)
    for (const auto& ci : gi->compute) {
      const bool stays = foreign == model::Foreign::keep && made_by_us(ours, ci) == nullptr;
      (stays ? kept : removable).push_back(&ci);
      if (!stays) base = base + price_of_destroying(gpu, *gi, ci);
    }
  const auto standing = [&](mig::CiProfileId profile, mig::Placement at) -> const mig::ComputeInstance* {
    if (gi != nullptr)
      for (const auto& ci : gi->compute)
        if (ci.profile == profile && ci.placement == at) return &ci;
    return nullptr;
  };
  std::vector<std::vector<Option>> options;
  for (const auto& wanted : target.compute) {
    auto& places = options.emplace_back();
    const auto* profile = parent.find(wanted.profile);
    if (profile == nullptr) return std::nullopt;
    for (const auto site : profile->sites) {
      if (wanted.placement && *wanted.placement != site) continue;
      const auto* there = standing(wanted.profile, site);
      if (std::any_of(kept.begin(), kept.end(),
                      [&](const auto* k) { return k != there && k->placement.overlaps(site); }))
        continue;
      Option option{site, {0, 0, 1, 0}};
      if (there != nullptr) {
        const auto* named = made_by_us(ours, *there);
        const bool stays = std::find(kept.begin(), kept.end(), there) != kept.end();
        option.price = stays ? Price{} : Price{} - price_of_destroying(gpu, *gi, *there);
        option.price.renamed = named != nullptr && named->name == wanted.name ? 0 : 1;
      }
      places.push_back(option);
    }
  }
  std::optional<Inside> best;
  for (const auto& seating : seatings(options)) {
    Inside inside;
    inside.price = base + seating.price;
    mig::GpuInstance result;
    for (std::size_t i = 0; i < options.size(); ++i) {
      const auto at = options[i][seating.chosen[i]].at;
      inside.places.push_back(at);
      inside.existing.push_back(standing(target.compute[i].profile, at));
    }
    const auto used = [&](const auto* ci) {
      return std::find(inside.existing.begin(), inside.existing.end(), ci) != inside.existing.end();
    };
    // The limits (instances of each profile, and eight in total) include the compute instances that are kept.
    std::vector<mig::ComputeInstance> all;
    for (const auto* ci : kept)
      if (!used(ci)) all.push_back(*ci);
    for (std::size_t i = 0; i < inside.places.size(); ++i)
      all.push_back({mig::CiId{}, target.compute[i].profile, inside.places[i]});
    bool fits = true;
    for (const auto& ci : all) {
      const auto* profile = parent.find(ci.profile);
      fits = fits && profile != nullptr &&
             mig::obstacle(parent, result, *profile, ci.placement) == mig::Obstacle::none &&
             result.compute.push_back(ci);
    }
    if (!fits) continue;
    for (const auto* ci : removable)
      if (!used(ci)) inside.doomed.push_back(ci);
    if (!best || inside.price < best->price || (inside.price == best->price && inside.places < best->places))
      best = std::move(inside);
  }
  return best;
}

// The placements of all requested GPU instances, and the cost of reaching them.
struct Arrangement {
  Price price;
  std::vector<mig::Placement> places;             // one per entry of target.instances
  std::vector<const mig::GpuInstance*> existing;  // one per entry of target.instances; null: to be created
  std::vector<Inside> insides;
  std::vector<unsigned> room;  // how many more of each profile fit, large profiles first
};

class Arranger {
 public:
  // `kept`: instances that stay even if they are not requested. `only_as_is`: no GPU instance may be created or
  // destroyed.
  Arranger(const model::Gpu& gpu, const model::Target& target, std::vector<const mig::GpuInstance*> kept,
           bool only_as_is)
      : gpu_(gpu), target_(target), kept_(std::move(kept)), only_as_is_(only_as_is) {
    for (const auto& profile : gpu.capability.profiles) by_size_.push_back(&profile);
    std::stable_sort(by_size_.begin(), by_size_.end(), [](const auto* a, const auto* b) {
      return std::pair(a->slices, a->memory_mib.value_or(0)) > std::pair(b->slices, b->memory_mib.value_or(0));
    });
  }

  [[nodiscard]] std::optional<Arrangement> best() const {
    std::vector<std::vector<Option>> options;
    std::vector<std::vector<Inside>> insides;
    for (const auto& wanted : target_.instances) offer(wanted, options.emplace_back(), insides.emplace_back());
    Price base;
    for (const auto& gi : gpu_.state.mig.partition.instances) base = base + price_of_leaving(gi);
    std::optional<Arrangement> best;
    for (const auto& seating : seatings(options)) {
      Arrangement one;
      one.price = base + seating.price;
      for (std::size_t i = 0; i < options.size(); ++i) {
        one.places.push_back(options[i][seating.chosen[i]].at);
        one.existing.push_back(standing(target_.instances[i].profile, one.places.back()));
        one.insides.push_back(insides[i][seating.chosen[i]]);
      }
      if (only_as_is_ && !as_is(one)) continue;
      const auto end = partition_of(one);
      if (!end || !fits(*end)) continue;
      for (const auto* profile : by_size_) one.room.push_back(mig::remaining(gpu_.capability, *end, *profile));
      if (!best || better(one, *best)) best = std::move(one);
    }
    return best;
  }

 private:
  static bool better(const Arrangement& a, const Arrangement& b) {
    if (a.price != b.price) return a.price < b.price;
    if (a.room != b.room) return a.room > b.room;
    return a.places < b.places;
  }
  [[nodiscard]] bool is_kept(const mig::GpuInstance* gi) const {
    return std::find(kept_.begin(), kept_.end(), gi) != kept_.end();
  }
  [[nodiscard]] const mig::GpuInstance* standing(mig::GiProfileId profile, mig::Placement at) const {
    for (const auto& gi : gpu_.state.mig.partition.instances)
      if (gi.profile == profile && gi.placement == at) return &gi;
    return nullptr;
  }

  // The cost of an instance that is not requested: destroying all of it, or, if it must stay, only the compute
  // instances that gpuslice created in it.
  [[nodiscard]] Price price_of_leaving(const mig::GpuInstance& gi) const {
    if (!is_kept(&gi)) return price_of_destroying(gpu_, gi);
    Price price;
    for (const auto& ci : gi.compute)
      if (made_by_us(made_by_us(gpu_, gi), ci) != nullptr) price = price + price_of_destroying(gpu_, gi, ci);
    return price;
  }

  void offer(const model::TargetGi& wanted, std::vector<Option>& options, std::vector<Inside>& insides) const {
    const auto* profile = gpu_.capability.find(wanted.profile);
    if (profile == nullptr) return;
    const auto fresh = plan_inside(gpu_, *profile, nullptr, wanted, target_.foreign);
    for (const auto site : profile->sites) {
      if (wanted.placement && *wanted.placement != site) continue;
      const auto* there = standing(wanted.profile, site);
      const bool blocked = std::any_of(kept_.begin(), kept_.end(),
                                       [&](const auto* k) { return k != there && k->placement.overlaps(site); });
      if (blocked) continue;
      if (there == nullptr) {
        if (!fresh || only_as_is_) continue;
        options.push_back({site, fresh->price + Price{0, 0, 1, 0}});
        insides.push_back(*fresh);
        continue;
      }
      auto inside = plan_inside(gpu_, *profile, there, wanted, target_.foreign);
      if (!inside) continue;
      auto price = inside->price - price_of_leaving(*there);
      const auto* named = made_by_us(gpu_, *there);
      if (named == nullptr || named->name != wanted.name) ++price.renamed;
      options.push_back({site, price});
      insides.push_back(*std::move(inside));
    }
  }

  [[nodiscard]] bool as_is(const Arrangement& one) const {
    const auto used = [&](const mig::GpuInstance* gi) {
      return std::find(one.existing.begin(), one.existing.end(), gi) != one.existing.end();
    };
    const auto& all = gpu_.state.mig.partition.instances;
    return std::all_of(all.begin(), all.end(), [&](const auto& gi) { return is_kept(&gi) || used(&gi); });
  }

  // The resulting GPU instances without their compute instances. Empty if there are more than a partition can hold.
  [[nodiscard]] std::optional<mig::Partition> partition_of(const Arrangement& one) const {
    mig::Partition partition;
    std::uint32_t id = 0;
    const auto add = [&](mig::GiProfileId profile, mig::Placement at) {
      mig::GpuInstance gi;
      gi.id = mig::GiId{id++};
      gi.profile = profile;
      gi.placement = at;
      return partition.instances.push_back(gi);
    };
    for (const auto* gi : kept_)
      if (std::find(one.existing.begin(), one.existing.end(), gi) == one.existing.end() &&
          !add(gi->profile, gi->placement))
        return std::nullopt;
    for (std::size_t i = 0; i < one.places.size(); ++i)
      if (!add(target_.instances[i].profile, one.places[i])) return std::nullopt;
    return partition;
  }
  [[nodiscard]] bool fits(const mig::Partition& partition) const { return mig::legal(gpu_.capability, partition); }

  const model::Gpu& gpu_;
  const model::Target& target_;
  std::vector<const mig::GpuInstance*> kept_;
  bool only_as_is_;
  std::vector<const mig::GiProfile*> by_size_;
};

std::optional<Arrangement> arrange(const model::Gpu& gpu, const model::Target& target,
                                   const std::vector<const mig::GpuInstance*>& kept) {
  auto best = Arranger(gpu, target, kept, false).best();
  // Clients of the whole GPU block every creation and destruction of a GPU instance (mig::step). Therefore a plan that
  // does neither is preferred even if it stops one more instance with clients.
  if (best && !clients_of_whole(gpu).empty()) {
    auto calm = Arranger(gpu, target, kept, true).best();
    auto dear = best->price;
    ++dear.busy;
    if (calm && calm->price < dear) return calm;
  }
  return best;
}

// GPU instances that gpuslice did not create, and those of gpuslice in which another program created a compute
// instance, because that compute instance cannot exist without them.
std::vector<const mig::GpuInstance*> foreign_instances(const model::Gpu& gpu) {
  std::vector<const mig::GpuInstance*> found;
  for (const auto& gi : gpu.state.mig.partition.instances) {
    const auto* ours = made_by_us(gpu, gi);
    const auto foreign = [&](const auto& ci) { return made_by_us(ours, ci) == nullptr; };
    if (ours == nullptr || std::any_of(gi.compute.begin(), gi.compute.end(), foreign)) found.push_back(&gi);
  }
  return found;
}

// The largest part of the request that fits; earlier instances are preferred. Existing instances stay and are not
// counted.
std::vector<model::TargetGi> nearest(const model::Gpu& gpu, const model::Target& target,
                                     const std::vector<const mig::GpuInstance*>& kept) {
  model::Target part = target;
  std::erase_if(part.instances, [](const auto& one) { return !one.exists; });
  const auto staying = part.instances.size();
  std::vector<model::TargetGi> wanted;
  for (const auto& one : target.instances)
    if (!one.exists && wanted.size() < 12) wanted.push_back(one);
  std::uint32_t best = 0;
  for (std::uint32_t set = 1; set < (1U << wanted.size()); ++set) {
    if (std::popcount(set) < std::popcount(best)) continue;
    // Of sets of equal size, the one with the earlier instances, which are the lower bits.
    if (std::popcount(set) == std::popcount(best) && ((best ^ set) & -(best ^ set) & set) == 0) continue;
    part.instances.resize(staying);
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if ((set >> i & 1U) != 0) part.instances.push_back(wanted[i]);
    if (Arranger(gpu, part, kept, false).best()) best = set;
  }
  std::vector<model::TargetGi> found;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if ((best >> i & 1U) != 0) found.push_back(wanted[i]);
  return found;
}

// The smallest subset of `kept` whose removal lets the target fit. Empty if removing all of them is not enough.
std::optional<std::vector<mig::GiId>> fewest_in_the_way(const model::Gpu& gpu, const model::Target& target,
                                                        const std::vector<const mig::GpuInstance*>& kept) {
  std::optional<std::uint32_t> best;
  for (std::uint32_t set = 0; set < (1U << kept.size()); ++set) {
    if (best && std::popcount(set) >= std::popcount(*best)) continue;
    auto rest = gpu;
    auto& standing = rest.state.mig.partition.instances;
    for (std::size_t i = 0; i < kept.size(); ++i)
      if ((set >> i & 1U) != 0) standing.erase(rest.state.mig.partition.find(kept[i]->id));
    if (Arranger(rest, target, foreign_instances(rest), false).best()) best = set;
  }
  if (!best) return std::nullopt;
  std::vector<mig::GiId> found;
  for (std::size_t i = 0; i < kept.size(); ++i)
    if ((*best >> i & 1U) != 0) found.push_back(kept[i]->id);
  return found;
}

// "3g.20gb + 2 x 1g.5gb"
std::string sum_of(const model::Gpu& gpu, const std::vector<model::TargetGi>& instances) {
  std::string text;
  for (std::size_t i = 0; i < instances.size();) {
    std::size_t count = 1;
    while (i + count < instances.size() && instances[i + count].profile == instances[i].profile) ++count;
    text += (text.empty() ? "" : " + ") + (count > 1 ? fmt::format("{} x ", count) : std::string{}) +
            profile_text(gpu.capability, instances[i].profile);
    i += count;
  }
  return text;
}

// Names an instance that must stay: its id, profile, placement, why it must stay, and the processes that use it.
std::string occupant_text(const model::Gpu& gpu, mig::GiId id) {
  const auto* gi = gpu.state.mig.partition.find(id);
  if (gi == nullptr) return fmt::format("GPU instance {}", id.value);
  auto text = fmt::format("GPU instance {} ({}, {}", id.value,
                          seat_text(gpu.capability, model::GiSeat{gi->profile, gi->placement}),
                          made_by_us(gpu, *gi) == nullptr ? "created by another program"
                                                          : "another program created a compute instance in it");
  for (const auto& client : gpu.clients)
    if (client.gi == id)
      text +=
          fmt::format(", used by process {}{}", client.pid, client.command.empty() ? "" : " (" + client.command + ")");
  return text + ")";
}
std::string occupants_text(const model::Gpu& gpu, const std::vector<mig::GiId>& ids) {
  std::string text;
  for (const auto id : ids) text += (text.empty() ? "" : " and ") + occupant_text(gpu, id);
  return text;
}

// A split request: the instances to create, and the existing instances that they must fit next to.
struct Request {
  std::vector<model::TargetGi> create;
  std::vector<mig::GpuInstance> staying;
};
Request request_of(const model::Gpu& gpu, const model::Target& target,
                   const std::vector<const mig::GpuInstance*>& kept) {
  Request request;
  std::vector<const mig::GpuInstance*> free_to_serve;
  for (const auto& gi : gpu.state.mig.partition.instances) {
    const bool stays = std::find(kept.begin(), kept.end(), &gi) != kept.end();
    const bool requested = std::any_of(target.instances.begin(), target.instances.end(), [&](const auto& one) {
      return one.exists && one.profile == gi.profile && one.placement == gi.placement;
    });
    if (stays || requested) request.staying.push_back(gi);
    if (stays && !requested) free_to_serve.push_back(&gi);
  }
  for (const auto& one : target.instances) {
    if (one.exists) continue;
    const auto* profile = gpu.capability.find(one.profile);
    // An instance that stays may already satisfy the request.
    const auto serves = std::find_if(free_to_serve.begin(), free_to_serve.end(), [&](const auto* gi) {
      return profile != nullptr && gi->profile == one.profile && (!one.placement || *one.placement == gi->placement) &&
             plan_inside(gpu, *profile, gi, one, target.foreign).has_value();
    });
    if (serves != free_to_serve.end())
      free_to_serve.erase(serves);
    else
      request.create.push_back(one);
  }
  return request;
}

// The profiles of which at least one more instance fits next to `staying`.
std::string still_fits_text(const model::Gpu& gpu, const std::vector<mig::GpuInstance>& staying) {
  mig::Partition partition;
  for (const auto& gi : staying) partition.instances.push_back(gi);
  std::string text;
  for (const auto& profile : gpu.capability.profiles)
    if (mig::remaining(gpu.capability, partition, profile) != 0)
      text += (text.empty() ? "" : ", ") + std::string(profile.name);
  return text.empty() ? "no more GPU instances fit" : "what still fits: " + text;
}

Refusal refuse(const model::Gpu& gpu, const model::Target& target, const std::vector<const mig::GpuInstance*>& kept) {
  Refusal refusal;
  refusal.gpu = gpu.index;
  refusal.nearest = nearest(gpu, target, kept);
  const auto in_the_way = kept.empty() ? std::nullopt : fewest_in_the_way(gpu, target, kept);
  refusal.reason = in_the_way ? Refusal::Reason::in_the_way : Refusal::Reason::too_much;
  if (in_the_way) refusal.instances = *in_the_way;
  // If a request does not fit even on an empty GPU, existing instances are not part of the explanation.
  const auto request = request_of(gpu, target, in_the_way ? kept : std::vector<const mig::GpuInstance*>{});
  refusal.shortage = shortage(gpu.capability, request.create, request.staying);
  refusal.origin = refusal.shortage->origin;
  const auto why = shortage_text(*refusal.shortage);
  if (!refusal.shortage->inside.empty()) {
    refusal.what = fmt::format("the compute instances do not fit into {}: {}", refusal.shortage->inside, why);
    return refusal;
  }
  const auto* overlap = std::get_if<Overlap>(&refusal.shortage->reason);
  if (overlap != nullptr) {
    refusal.what = why;
    if (in_the_way) refusal.what += "; blocked by " + occupants_text(gpu, refusal.instances);
    return refusal;
  }
  const auto beside =
      in_the_way ? " beside " + occupants_text(gpu, refusal.instances)
      : request.staying.empty()
          ? " on " + gpu.name
          : fmt::format(" beside the {} that exist{}",
                        request.staying.size() == 1 ? std::string("GPU instance")
                                                    : fmt::format("{} GPU instances", request.staying.size()),
                        request.staying.size() == 1 ? "s" : "");
  refusal.what = fmt::format(
      "{} {} not fit{}: {}; {}", sum_of(gpu, request.create), request.create.size() == 1 ? "does" : "do", beside, why,
      refusal.nearest.empty() ? still_fits_text(gpu, request.staying) : sum_of(gpu, refusal.nearest) + " would fit");
  return refusal;
}

// Collects the steps of a plan and derives the resulting state with after_step.
class Writer {
 public:
  explicit Writer(const model::Gpu& gpu) : gpu_(gpu), whole_(clients_of_whole(gpu)) {
    plan_.gpu = gpu.index;
    plan_.uuid = gpu.uuid;
    plan_.before = plan_.after = gpu.state;
  }
  void compute_display() {
    push(model::ComputeDisplay{});
    plan_.cost.busy += static_cast<std::uint32_t>(gpu_.clients.size());
    push(model::Reboot{}, "", gpu_.clients);
  }
  void mode(bool enable) {
    const bool rebooted = plan_.before.mig.compute_display != plan_.after.mig.compute_display;
    // Only clients of the whole GPU can remain here: while MIG is off there are no instances, and before MIG is
    // disabled all instances have been destroyed, so they have no clients.
    const bool resets = gpu_.capability.mode.switch_resets && gpu_.state.mig.mode != enable && !rebooted;
    const auto clients = resets ? whole_ : std::vector<model::Client>{};
    plan_.cost.busy += static_cast<std::uint32_t>(clients.size());
    push(model::SetMig{enable}, "", clients);
  }
  void destroy(const mig::GpuInstance& gi, const mig::ComputeInstance& ci, const std::string& name) {
    auto clients = clients_of(gpu_, gi.id, ci.id);
    plan_.cost.busy += clients.empty() ? 0 : 1;
    ++plan_.cost.stopped;
    push(model::DestroyCi{{{gi.profile, gi.placement}, ci.profile, ci.placement}}, name, std::move(clients));
  }
  void destroy(const mig::GpuInstance& gi) {
    const auto* ours = made_by_us(gpu_, gi);
    for (const auto& ci : gi.compute) {
      const auto* named = made_by_us(ours, ci);
      destroy(gi, ci, named != nullptr ? named->name : "");
    }
    auto clients = clients_of(gpu_, gi.id, std::nullopt);
    plan_.cost.busy += clients.empty() ? 0 : 1;
    clients.insert(clients.end(), whole_.begin(), whole_.end());
    ++plan_.cost.stopped;
    push(model::DestroyGi{{gi.profile, gi.placement}}, ours != nullptr ? ours->name : "", std::move(clients));
  }
  // Destroys the compute instances that gpuslice created in a GPU instance that stays.
  void destroy_ours(const mig::GpuInstance& gi) {
    for (const auto& ci : gi.compute)
      if (const auto* named = made_by_us(made_by_us(gpu_, gi), ci)) destroy(gi, ci, named->name);
  }
  void create(const model::TargetGi& wanted, mig::Placement at, const Inside& inside) {
    push(model::CreateGi{{wanted.profile, at}}, wanted.name, whole_);
    fill(wanted, at, inside);
  }
  // Creates the compute instances that an existing or just created GPU instance lacks.
  void fill(const model::TargetGi& wanted, mig::Placement at, const Inside& inside) {
    model::NamedGi ours{at, wanted.profile, wanted.name, {}};
    for (std::size_t i = 0; i < wanted.compute.size(); ++i) {
      const auto& one = wanted.compute[i];
      ours.compute.push_back({inside.places[i], one.profile, one.name});
      if (inside.existing[i] == nullptr)
        push(model::CreateCi{{{wanted.profile, at}, one.profile, inside.places[i]}}, one.name);
    }
    plan_.made.push_back(ours);
  }
  // The plan. A refusal means that the rules of MIG do not allow a step; the search above should make that impossible.
  std::expected<model::GpuPlan, Refusal> take() {
    if (!refused_.empty()) {
      Refusal refusal;
      refusal.reason = Refusal::Reason::too_much;
      refusal.gpu = gpu_.index;
      refusal.what = refused_;
      return std::unexpected(refusal);
    }
    // Clients of the whole GPU count once, even if several GPU instances are created or destroyed.
    const auto blocked = [&](const Step& s) {
      return (s.is<model::CreateGi>() || s.is<model::DestroyGi>()) && !whole_.empty();
    };
    const auto counted = [](const Step& s) {
      return (s.is<model::SetMig>() || s.is<model::Reboot>()) && !s.clients.empty();
    };
    if (std::any_of(plan_.steps.begin(), plan_.steps.end(), blocked) &&
        std::none_of(plan_.steps.begin(), plan_.steps.end(), counted))
      ++plan_.cost.busy;
    return std::move(plan_);
  }

 private:
  void push(model::Action action, const std::string& name = {}, std::vector<model::Client> clients = {}) {
    const Step step{std::move(action), name, std::move(clients)};
    // No clients are passed, because those that block the step are stopped before it.
    if (auto after = after_step(gpu_.capability, plan_.after, {}, step))
      plan_.after = *std::move(after);
    else if (refused_.empty())
      refused_ = after.error().message();
    plan_.steps.push_back(step);
    ++plan_.cost.steps;
  }
  const model::Gpu& gpu_;
  std::vector<model::Client> whole_;
  std::string refused_;
  model::GpuPlan plan_;
};

// MIG mode and instances.
std::expected<model::GpuPlan, Refusal> plan_mig(const model::Gpu& gpu, const model::Target& target) {
  const auto refused = [&](Refusal::Reason reason, std::string what) {
    Refusal refusal;
    refusal.reason = reason;
    refusal.gpu = gpu.index;
    refusal.what = std::move(what);
    return std::unexpected(refusal);
  };
  if (target.mig && !gpu.capability.mode.supported)
    return refused(Refusal::Reason::no_mig, gpu.name + " does not support MIG");
  // With MIG off there are no instances, even if the inventory lists some.
  auto start = gpu;
  if (!gpu.state.mig.mode) start.state.mig.partition = {};
  auto kept =
      target.foreign == model::Foreign::keep ? foreign_instances(start) : std::vector<const mig::GpuInstance*>{};
  Writer writer(start);
  if (!target.mig) {
    if (!kept.empty()) {
      Refusal refusal;
      refusal.reason = Refusal::Reason::in_the_way;
      refusal.gpu = gpu.index;
      for (const auto* gi : kept) refusal.instances.push_back(gi->id);
      refusal.what = fmt::format("MIG mode cannot be disabled while {} exist{}",
                                 occupants_text(start, refusal.instances), kept.size() == 1 ? "s" : "");
      return std::unexpected(refusal);
    }
    for (const auto& gi : start.state.mig.partition.instances) writer.destroy(gi);
    if (gpu.state.mig.mode || gpu.state.mig.pending) writer.mode(false);
    return writer.take();
  }

  const auto best = arrange(start, target, kept);
  if (!best) return std::unexpected(refuse(start, target, kept));
  if (gpu.capability.mode.needs_compute_display && !gpu.state.mig.compute_display) writer.compute_display();
  if (!gpu.state.mig.mode || !gpu.state.mig.pending) writer.mode(true);
  for (const auto& gi : start.state.mig.partition.instances) {
    const auto used = std::find(best->existing.begin(), best->existing.end(), &gi);
    const bool stays = std::find(kept.begin(), kept.end(), &gi) != kept.end();
    if (used == best->existing.end()) {
      if (!stays) writer.destroy(gi);
      if (stays) writer.destroy_ours(gi);
      continue;
    }
    const auto& inside = best->insides[static_cast<std::size_t>(used - best->existing.begin())];
    const auto* ours = made_by_us(start, gi);
    for (const auto* ci : inside.doomed) {
      const auto* named = made_by_us(ours, *ci);
      writer.destroy(gi, *ci, named != nullptr ? named->name : "");
    }
  }
  for (std::size_t i = 0; i < target.instances.size(); ++i) {
    if (best->existing[i] == nullptr)
      writer.create(target.instances[i], best->places[i], best->insides[i]);
    else
      writer.fill(target.instances[i], best->places[i], best->insides[i]);
  }
  return writer.take();
}

}  // namespace

std::expected<model::GpuPlan, Refusal> plan_gpu(const model::Gpu& gpu, const model::Target& target) {
  auto plan = plan_mig(gpu, target);
  if (!plan) return plan;
  // Settings come last, because a reset clears them: after one, all that are requested are set.
  for (auto& step : steps_to_settings(plan->after, target.settings)) {
    if (auto after = after_step(gpu.capability, plan->after, {}, step)) plan->after = *std::move(after);
    plan->steps.push_back(std::move(step));
    ++plan->cost.steps;
  }
  return plan;
}

}  // namespace gpuslice::plan
