#include "ops/standing.hpp"

#include <algorithm>
#include <utility>

#include "plan/by_gpu.hpp"
#include "plan/instance_text.hpp"
#include "plan/planner.hpp"
#include "plan/resolve.hpp"
#include "plan/settings.hpp"

namespace gpuslice::ops {
namespace {

using State = Standing::State;
using store::GpuRecord;
using store::Transaction;

const mig::GpuInstance* instance_at(const model::GpuState& state, const model::GiSeat& seat) {
  for (const auto& gi : state.mig.partition.instances)
    if (gi.placement == seat.placement && gi.profile == seat.profile) return &gi;
  return nullptr;
}
const mig::ComputeInstance* instance_at(const model::GpuState& state, const model::CiSeat& seat) {
  const auto* gi = instance_at(state, seat.parent);
  if (gi == nullptr) return nullptr;
  for (const auto& ci : gi->compute)
    if (ci.placement == seat.placement && ci.profile == seat.profile) return &ci;
  return nullptr;
}

// The name of an instance in the names that gpuslice gave; empty: none.
std::string name_at(const std::vector<model::NamedGi>& made, const model::GiSeat& seat) {
  for (const auto& gi : made)
    if (gi.placement == seat.placement && gi.profile == seat.profile) return gi.name;
  return {};
}
std::string name_at(const std::vector<model::NamedGi>& made, const model::CiSeat& seat) {
  for (const auto& gi : made)
    if (gi.placement == seat.parent.placement && gi.profile == seat.parent.profile)
      for (const auto& ci : gi.compute)
        if (ci.placement == seat.placement && ci.profile == seat.profile) return ci.name;
  return {};
}

// The newest recorded change of an object, if it left the object as it is now. `value` takes the object out of a state
// and the names of it.
template <class Value>
std::optional<Since> since(const std::vector<Transaction>& history, const model::Gpu& gpu, Value value) {
  const auto now = value(gpu.state, gpu.made);
  for (auto t = history.rbegin(); t != history.rend(); ++t)
    for (const auto& record : t->gpus) {
      if (record.uuid != gpu.uuid) continue;
      const auto after = value(record.after, record.made_after);
      if (value(record.before, record.made_before) == after) continue;
      return after == now ? std::optional(Since{t->number, t->verb, t->started}) : std::nullopt;
    }
  return std::nullopt;
}
template <class Seat>
auto presence_of(const Seat& seat) {
  return [seat](const model::GpuState& state, const std::vector<model::NamedGi>& made) {
    return std::pair(instance_at(state, seat) != nullptr, name_at(made, seat));
  };
}

// What is declared for one GPU: its mode and its instances, at the placements of a plan where there is one.
struct Declared {
  struct Ci {
    model::CiSeat seat;
    bool placed{};
    std::string name;
  };
  struct Gi {
    model::GiSeat seat;
    bool placed{};
    std::string name;
    std::vector<Ci> compute;
  };
  bool mig{};
  model::Foreign foreign{};
  model::GpuState settings;
  std::vector<Gi> instances{};
};

Declared declared_by(const model::GpuPlan& plan, const model::Target& target) {
  Declared all{target.mig, target.foreign, target.settings};
  for (const auto& made : plan.made) {
    const model::GiSeat seat{made.profile, made.placement};
    auto& gi = all.instances.emplace_back(Declared::Gi{seat, true, made.name, {}});
    for (const auto& ci : made.compute) gi.compute.push_back({{seat, ci.profile, ci.placement}, true, ci.name});
  }
  return all;
}
Declared declared_by(const model::Target& target) {
  Declared all{target.mig, target.foreign, target.settings};
  for (const auto& wanted : target.instances) {
    const model::GiSeat seat{wanted.profile, wanted.placement.value_or(mig::Placement{})};
    auto& gi = all.instances.emplace_back(Declared::Gi{seat, wanted.placement.has_value(), wanted.name, {}});
    for (const auto& ci : wanted.compute)
      gi.compute.push_back({{seat, ci.profile, ci.placement.value_or(mig::Placement{})},
                            gi.placed && ci.placement.has_value(),
                            ci.name});
  }
  return all;
}

// Lists the objects of a readable GPU.
class Lister {
 public:
  Lister(const model::Gpu& gpu, const Declared& declared, const std::vector<Transaction>& history)
      : gpu_(gpu), declared_(declared), history_(history) {}

  std::vector<Standing> all() {
    mode();
    settings();
    auto instances = declared_.instances;
    std::ranges::sort(instances, {}, [](const auto& gi) { return gi.seat.placement; });
    for (const auto& gi : instances) {
      add(gi, Standing::Gi{});
      for (const auto& ci : gi.compute) add(ci, Standing::Ci{});
      others_in(gi);
    }
    for (const auto& gi : gpu_.state.mig.partition.instances) {
      const model::GiSeat seat{gi.profile, gi.placement};
      if (std::ranges::any_of(instances, [&](const auto& one) { return one.placed && one.seat == seat; })) continue;
      other(Standing::Gi{seat, true, "", name_at(gpu_.made, seat)}, model::entry_of(gpu_.made, gi) != nullptr);
      for (const auto& ci : gi.compute) other_ci(gi, ci);
    }
    return std::move(all_);
  }

 private:
  void mode() {
    const auto& mig = gpu_.state.mig;
    if (!gpu_.capability.mode.supported && !declared_.mig) return;
    const bool same = mig.mode == declared_.mig && mig.pending == declared_.mig;
    all_.push_back({Standing::MigMode{declared_.mig, mig.mode}, same ? State::ok : State::different,
                    since(history_, gpu_, [](const model::GpuState& state, const auto&) {
                      return std::pair(state.mig.mode, state.mig.pending);
                    })});
  }

  void settings() {
    plan::each_setting(declared_.settings, [&](const std::string& name, auto member, auto) {
      const auto& wanted = declared_.settings.*member;
      if (!wanted) return;
      const auto& now = gpu_.state.*member;
      Standing::Setting setting{name.substr(name.find(' ') + 1), std::string(plan::setting_text(*wanted)), {}};
      if (now) setting.actual = std::string(plan::setting_text(*now));
      all_.push_back(
          {std::move(setting),
           !now             ? State::unknown
           : *now == wanted ? State::ok
                            : State::different,
           since(history_, gpu_, [member](const model::GpuState& state, const auto&) { return state.*member; })});
    });
  }

  template <class Wanted, class Object>
  void add(const Wanted& wanted, Object object) {
    object.seat = wanted.seat;
    object.placed = wanted.placed;
    object.declared_name = wanted.name;
    const bool exists = wanted.placed && instance_at(gpu_.state, wanted.seat) != nullptr;
    if (exists) object.actual_name = name_at(gpu_.made, wanted.seat);
    all_.push_back({object, state_of(exists, wanted.name, object.actual_name),
                    wanted.placed ? since(history_, gpu_, presence_of(wanted.seat)) : std::nullopt});
  }

  [[nodiscard]] State state_of(bool exists, const std::string& declared, const std::string& actual) const {
    if (!exists) return State::missing;
    if (declared.empty()) return State::ok;
    if (!gpu_.made_known) return State::unknown;
    return declared == actual ? State::ok : State::different;
  }

  // Compute instances in a declared GPU instance that are not declared.
  void others_in(const Declared::Gi& wanted) {
    const auto* gi = wanted.placed ? instance_at(gpu_.state, wanted.seat) : nullptr;
    if (gi == nullptr) return;
    for (const auto& ci : gi->compute) {
      const model::CiSeat seat{wanted.seat, ci.profile, ci.placement};
      // One without a placement is declared, and this may be it.
      const auto is_it = [&](const Declared::Ci& one) {
        return one.placed ? one.seat == seat : one.seat.profile == seat.profile;
      };
      if (std::ranges::none_of(wanted.compute, is_it)) other_ci(*gi, ci);
    }
  }
  void other_ci(const mig::GpuInstance& gi, const mig::ComputeInstance& ci) {
    const auto* ours = model::entry_of(gpu_.made, gi);
    const model::CiSeat seat{{gi.profile, gi.placement}, ci.profile, ci.placement};
    other(Standing::Ci{seat, true, "", name_at(gpu_.made, seat)},
          ours != nullptr && model::entry_of(ours->compute, ci) != nullptr);
  }
  template <class Object>
  void other(Object object, bool ours) {
    const bool kept = declared_.foreign == model::Foreign::keep;
    const auto state = !kept || ours ? State::extra : gpu_.made_known ? State::foreign : State::unknown;
    const auto seat = object.seat;
    all_.push_back({std::move(object), state, since(history_, gpu_, presence_of(seat))});
  }

  const model::Gpu& gpu_;
  const Declared& declared_;
  const std::vector<Transaction>& history_;
  std::vector<Standing> all_;
};

GpuStanding standing_on(const model::Inventory& inventory, const plan::OnGpu& on,
                        const std::vector<Transaction>& history) {
  const auto* gpu = inventory.find(on.gpu);
  GpuStanding made;
  made.gpu = on.gpu;
  made.uuid = gpu->uuid;
  made.name = gpu->name;
  made.capability = gpu->capability;
  const auto targets = on.layout ? plan::resolve(*on.layout, inventory)
                                 : Result<std::vector<model::GpuTarget>>(std::unexpected(on.layout.error()));
  if (!targets) {
    made.reason = targets.error();
    return made;
  }
  const auto& target = targets->front().target;
  const auto plan = plan::plan_layout(inventory, *on.layout);
  if (!plan) made.reason = plan.error();
  const auto declared = plan ? declared_by(plan->gpus.front(), target) : declared_by(target);
  made.objects = Lister(*gpu, declared, history).all();
  return made;
}

}  // namespace

bool GpuStanding::matches() const {
  return !reason && std::ranges::all_of(objects, [](const Standing& one) {
    return one.state == State::ok || one.state == State::foreign;
  });
}

bool GpuStanding::unknown() const {
  return (reason && reason->kind == ErrorKind::unknown) ||
         std::ranges::any_of(objects, [](const Standing& one) { return one.state == State::unknown; });
}

std::vector<GpuStanding> standing_of(const model::Inventory& inventory, const model::Layout& layout,
                                     const std::vector<Transaction>& history) {
  const auto split = plan::by_gpu(layout, inventory);
  std::vector<GpuStanding> all;
  all.reserve(split.gpus.size() + split.absent.size());
  for (const auto& one : split.gpus) all.push_back(standing_on(inventory, one, history));
  for (const auto& error : split.absent) {
    auto& none = all.emplace_back();
    none.reason = error;
  }
  return all;
}

}  // namespace gpuslice::ops
