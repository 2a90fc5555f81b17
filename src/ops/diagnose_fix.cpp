#include "ops/diagnose_fix.hpp"

#include "plan/keep.hpp"
#include "plan/planner.hpp"

namespace gpuslice::ops {
namespace {

bool is_empty(const model::Gpu& gpu, const model::TargetGi& wanted) {
  for (const auto& gi : gpu.state.mig.partition.instances)
    if (gi.placement == wanted.placement && gi.profile == wanted.profile) return gi.compute.empty();
  return false;
}

}  // namespace

Result<model::Plan> plan_missing_compute(const model::Inventory& inventory) {
  std::vector<model::GpuTarget> targets;
  for (const auto& gpu : inventory.gpus) {
    if (!gpu.problem.empty() || !gpu.state.mig.mode || !gpu.made_known) continue;
    model::Target target;
    target.mig = true;
    target.instances = plan::as_targets(gpu.made);
    bool any = false;
    for (auto& gi : target.instances) {
      if (!is_empty(gpu, gi)) continue;
      const auto* profile = gpu.capability.find(gi.profile);
      const auto* whole = profile != nullptr ? profile->default_compute() : nullptr;
      if (whole == nullptr) continue;
      gi.compute = {{"", whole->id, {}}};
      any = true;
    }
    if (any) targets.push_back({gpu.index, std::move(target)});
  }
  auto plan = plan::plan_node(inventory, targets);
  if (!plan) return std::unexpected(plan::explain(inventory, plan.error()));
  return *std::move(plan);
}

}  // namespace gpuslice::ops
