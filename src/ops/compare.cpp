#include "ops/compare.hpp"

#include <algorithm>

#include "plan/planner.hpp"
#include "plan/settings.hpp"

namespace gpuslice::ops {
namespace {

using Side = Difference::Side;

// The difference that a step removes: it creates what is missing, or destroys what is extra. A reboot and a reset only
// prepare other steps, so they are not differences.
struct FromStep {
  GpuIndex gpu;
  const std::string& name;

  using Maybe = std::optional<Difference>;
  Maybe operator()(const model::ComputeDisplay& display) const { return is(Side::missing, display); }
  Maybe operator()(const model::Reboot&) const { return std::nullopt; }
  Maybe operator()(const model::Reset&) const { return std::nullopt; }
  Maybe operator()(const model::SetMig& set) const { return is(set.enable ? Side::missing : Side::extra, MigMode{}); }
  Maybe operator()(const model::DestroyCi& step) const { return is(Side::extra, step.seat); }
  Maybe operator()(const model::DestroyGi& step) const { return is(Side::extra, step.seat); }
  Maybe operator()(const model::CreateGi& step) const { return is(Side::missing, step.seat); }
  Maybe operator()(const model::CreateCi& step) const { return is(Side::missing, step.seat); }
  Maybe operator()(const model::SetComputeMode& step) const { return is(Side::missing, step.mode); }
  Maybe operator()(const model::SetTimeSlice& step) const { return is(Side::missing, step.policy); }

  [[nodiscard]] Difference is(Side side, Difference::Object object) const { return {gpu, side, object, name}; }
};

bool creates(const model::GpuPlan& plan, const model::CiSeat& seat) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) {
    const auto* created = std::get_if<model::CreateCi>(&step.action);
    return created != nullptr && created->seat.parent.placement == seat.parent.placement &&
           created->seat.placement == seat.placement;
  });
}

// Requested names of instances that exist under another name, or without one.
void compare_names(const model::Gpu& gpu, const model::GpuPlan& plan, std::vector<Difference>& found) {
  for (const auto& wanted : plan.made) {
    const auto& instances = gpu.state.mig.partition.instances;
    if (std::none_of(instances.begin(), instances.end(),
                     [&](const auto& gi) { return gi.placement == wanted.placement && gi.profile == wanted.profile; }))
      continue;
    const model::GiSeat seat{wanted.profile, wanted.placement};
    const auto* now = model::entry_of(gpu.made, wanted);
    const std::string name = now != nullptr ? now->name : "";
    if (!wanted.name.empty() && name != wanted.name) {
      if (!name.empty()) found.push_back({gpu.index, Side::extra, GiName{seat}, name});
      found.push_back({gpu.index, Side::missing, GiName{seat}, wanted.name});
    }
    for (const auto& inner : wanted.compute) {
      if (inner.name.empty()) continue;
      const auto* known = now != nullptr ? model::entry_of(now->compute, inner) : nullptr;
      if (known != nullptr && known->name == inner.name) continue;
      const model::CiSeat inside{seat, inner.profile, inner.placement};
      // If the instance is missing, that is already a difference.
      if (creates(plan, inside)) continue;
      if (known != nullptr && !known->name.empty())
        found.push_back({gpu.index, Side::extra, CiName{inside}, known->name});
      found.push_back({gpu.index, Side::missing, CiName{inside}, inner.name});
    }
  }
}

// The inventory as if the layout had been applied to its GPUs when they were empty.
Result<model::Inventory> applied(model::Inventory inventory, const model::Layout& layout) {
  for (auto& gpu : inventory.gpus) {
    gpu.state.mig.mode = gpu.state.mig.pending = false;
    gpu.state.mig.partition = {};
    plan::each_setting(model::GpuState{}, [&](const char*, auto member, auto) { (gpu.state.*member).reset(); });
    gpu.made.clear();
    gpu.clients.clear();
    gpu.devices.clear();
  }
  const auto plan = GPUSLICE_TRY(plan::plan_layout(inventory, layout));
  for (const auto& one : plan.gpus)
    for (auto& gpu : inventory.gpus)
      if (gpu.index == one.gpu) {
        gpu.state = one.after;
        gpu.made = one.made;
      }
  return inventory;
}

}  // namespace

std::vector<Difference> differences_of(const model::Inventory& inventory, const model::Plan& plan) {
  std::vector<Difference> found;
  for (const auto& one : plan.gpus) {
    const auto* gpu = inventory.find(one.gpu);
    if (gpu == nullptr) continue;
    for (const auto& step : one.steps)
      if (auto difference = std::visit(FromStep{one.gpu, step.name}, step.action))
        found.push_back(*std::move(difference));
    compare_names(*gpu, one, found);
  }
  return found;
}

Result<std::vector<Difference>> differences_to(const model::Inventory& inventory, const model::Layout& layout) {
  return differences_of(inventory, GPUSLICE_TRY(plan::plan_layout(inventory, layout)));
}

Result<std::vector<Difference>> differences_between(const model::Inventory& inventory, const model::Layout& from,
                                                    const model::Layout& to) {
  return differences_to(GPUSLICE_TRY(applied(inventory, from)), to);
}

Result<Match> match(const model::Inventory& inventory, const model::Layout& layout) {
  using Answer = Match::Answer;
  // Without the names it is unknown which instances gpuslice created.
  const bool names_known =
      std::all_of(inventory.gpus.begin(), inventory.gpus.end(), [](const auto& gpu) { return gpu.made_known; });
  auto differences = differences_to(inventory, layout);
  if (!differences) {
    const auto& error = differences.error();
    if (error.kind == ErrorKind::usage) return std::unexpected(error);
    const bool known = names_known && error.kind != ErrorKind::unknown;
    return Match{known ? Answer::differs : Answer::unknown, {}, error};
  }
  if (differences->empty()) return Match{Answer::matches, {}, {}};
  if (!names_known)
    return Match{Answer::unknown,
                 {},
                 Error{ErrorKind::unknown, "", "the names of instances cannot be read; gpuslice list says why", ""}};
  return Match{Answer::differs, *std::move(differences), {}};
}

}  // namespace gpuslice::ops
