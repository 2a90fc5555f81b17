#include "plan/renames.hpp"

#include <algorithm>
#include <utility>

namespace gpuslice::plan {
namespace {

bool destroys(const model::GpuPlan& plan, const model::GiSeat& seat) {
  return std::ranges::any_of(plan.steps, [&](const model::Step& step) {
    const auto* gi = std::get_if<model::DestroyGi>(&step.action);
    return step.is<model::Reset>() || (gi != nullptr && gi->seat == seat);
  });
}
bool destroys(const model::GpuPlan& plan, const model::CiSeat& seat) {
  return std::ranges::any_of(plan.steps, [&](const model::Step& step) {
    const auto* ci = std::get_if<model::DestroyCi>(&step.action);
    return ci != nullptr && ci->seat == seat;
  });
}

std::string name_of(const model::NamedGi* named) { return named != nullptr ? named->name : std::string{}; }
std::string name_of(const model::NamedGi* parent, const mig::ComputeInstance& ci) {
  const auto* named = parent != nullptr ? model::entry_of(parent->compute, ci) : nullptr;
  return named != nullptr ? named->name : std::string{};
}

std::vector<model::Client> clients_in(const model::Gpu& gpu, mig::GiId gi, std::optional<mig::CiId> ci) {
  std::vector<model::Client> inside;
  for (const auto& client : gpu.clients)
    if (client.gi == gi && (!ci || client.ci == ci)) inside.push_back(client);
  return inside;
}

}  // namespace

std::vector<Rename> renames(const model::Gpu& gpu, const model::GpuPlan& plan) {
  std::vector<Rename> all;
  for (const auto& gi : gpu.state.mig.partition.instances) {
    const model::GiSeat seat{gi.profile, gi.placement};
    if (destroys(plan, seat)) continue;
    const auto* before = model::entry_of(gpu.made, gi);
    const auto* after = model::entry_of(plan.made, gi);
    if (name_of(before) != name_of(after))
      all.push_back({seat, {}, name_of(before), name_of(after), clients_in(gpu, gi.id, {})});
    for (const auto& ci : gi.compute) {
      const model::CiSeat inner{seat, ci.profile, ci.placement};
      if (destroys(plan, inner) || name_of(before, ci) == name_of(after, ci)) continue;
      all.push_back({seat, inner, name_of(before, ci), name_of(after, ci), clients_in(gpu, gi.id, ci.id)});
    }
  }
  return all;
}

}  // namespace gpuslice::plan
