#include "ops/destroying.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ops/observe.hpp"
#include "plan/gpu_planner.hpp"
#include "plan/keep.hpp"
#include "plan/shape.hpp"

namespace gpuslice::ops {
namespace {

// The state of `gpu` without those of its instances that are in `doomed`.
model::GpuState without(const model::Gpu& gpu, const std::vector<SelectedInstance>& doomed) {
  const auto goes = [&](mig::GiId gi, std::optional<mig::CiId> ci) {
    return std::any_of(doomed.begin(), doomed.end(),
                       [&](const auto& one) { return one.gpu == &gpu && one.gi == gi && one.ci == ci; });
  };
  auto rest = gpu.state;
  rest.mig.partition = {};
  for (auto gi : gpu.state.mig.partition.instances) {
    if (goes(gi.id, std::nullopt)) continue;
    decltype(gi.compute) kept;
    for (const auto& ci : gi.compute)
      if (!goes(gi.id, ci.id)) kept.push_back(ci);
    gi.compute = kept;
    rest.mig.partition.instances.push_back(gi);
  }
  return rest;
}

Result<model::GpuPlan> plan_to(const model::Gpu& gpu, const model::GpuState& rest) {
  // The planner destroys only what gpuslice created, and here every selected instance may be destroyed.
  auto ours = gpu;
  ours.made = plan::as_made(gpu.state, gpu.made);
  auto plan = plan::plan_gpu(ours, plan::target_of(rest, gpu.made));
  if (!plan) return fail(ErrorKind::refused, fmt::format("GPU {}", gpu.index.value), plan.error().what);
  // An instance of another program that is kept does not become gpuslice's.
  plan->made = still_standing(plan->after, gpu.made);
  return *std::move(plan);
}

}  // namespace

Result<model::Plan> plan_destroy(const model::Inventory& inventory, const SelectedGpus& gpus,
                                 const std::vector<SelectedInstance>& instances) {
  model::Plan plan;
  plan.digest = plan::digest(inventory);
  for (const auto& gpu : inventory.gpus) {
    const bool all = std::find(gpus.begin(), gpus.end(), &gpu) != gpus.end();
    if (!all && std::none_of(instances.begin(), instances.end(), [&](const auto& one) { return one.gpu == &gpu; }))
      continue;
    auto rest = without(gpu, instances);
    if (all) rest.mig.partition = {};
    plan.gpus.push_back(GPUSLICE_TRY(plan_to(gpu, rest)));
  }
  return plan;
}

}  // namespace gpuslice::ops
