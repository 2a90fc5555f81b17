#include "ops/modes.hpp"

#include <fmt/format.h>

#include "plan/keep.hpp"
#include "plan/planner.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::ops {
namespace {

Result<model::Plan> plan_mode(const model::Inventory& inventory, const SelectedGpus& gpus, bool enable) {
  std::vector<model::GpuTarget> targets;
  for (const auto* gpu : gpus) {
    model::Target target;
    target.mig = enable;
    if (enable) target.instances = plan::as_targets(gpu->made);
    targets.push_back({gpu->index, std::move(target)});
  }
  auto plan = plan::plan_node(inventory, targets);
  if (plan) return *std::move(plan);
  auto error = plan::explain(inventory, plan.error());
  error.object = enable ? "enable" : "disable";
  // Only instances of other programs: those that gpuslice created are destroyed with the switch.
  Hint::Command destroy{"destroy"};
  for (const auto& refusal : plan.error())
    for (const auto id : refusal.instances) destroy.emplace_back(fmt::format("{}:{}", refusal.gpu.value, id.value));
  error.hint = destroy.size() == 1 ? Hint::gpuslice({"list"}) : Hint::gpuslice(std::move(destroy));
  return std::unexpected(error);
}

// Built here because the planner, which serves layouts, never plans a reset.
Result<model::GpuPlan> plan_reset_of(const model::Gpu& gpu) {
  model::Step step;
  step.action = model::Reset{};
  step.clients = gpu.clients;
  model::GpuPlan plan;
  plan.gpu = gpu.index;
  plan.uuid = gpu.uuid;
  plan.before = gpu.state;
  plan.after = GPUSLICE_TRY(plan::after_step(gpu.capability, gpu.state, {}, step));
  plan.cost.steps = 1;
  plan.cost.busy = static_cast<std::uint32_t>(step.clients.size());
  for (const auto& gi : gpu.state.mig.partition.instances)
    plan.cost.stopped += 1 + static_cast<std::uint32_t>(gi.compute.size());
  plan.steps.push_back(std::move(step));
  return plan;
}

}  // namespace

Result<model::Plan> plan_enable(const model::Inventory& inventory, const SelectedGpus& gpus) {
  return plan_mode(inventory, gpus, true);
}

Result<model::Plan> plan_disable(const model::Inventory& inventory, const SelectedGpus& gpus) {
  return plan_mode(inventory, gpus, false);
}

Result<model::Plan> plan_reset(const model::Inventory& inventory, const SelectedGpus& gpus) {
  model::Plan plan;
  plan.digest = plan::digest(inventory);
  for (const auto* gpu : gpus) plan.gpus.push_back(GPUSLICE_TRY(plan_reset_of(*gpu)));
  return plan;
}

}  // namespace gpuslice::ops
