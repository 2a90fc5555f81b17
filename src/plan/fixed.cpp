#include "plan/fixed.hpp"

#include <algorithm>

#include "plan/as_layout.hpp"
#include "plan/planner.hpp"
#include "plan/resolve.hpp"

namespace gpuslice::plan {

Result<model::Layout> fixed_layout(const model::Inventory& inventory, const model::Layout& layout) {
  const auto targets = GPUSLICE_TRY(resolve(layout, inventory));
  const auto plan = GPUSLICE_TRY(plan_layout(inventory, layout));
  model::Layout fixed;
  fixed.origin = layout.origin;
  for (const auto& [index, target] : targets) {
    const auto* gpu = inventory.find(index);
    const auto planned = std::ranges::find(plan.gpus, index, &model::GpuPlan::gpu);
    if (gpu == nullptr || planned == plan.gpus.end()) continue;
    model::GpuEntry entry;
    entry.foreign = target.foreign;
    entry.compute_mode = target.settings.compute_mode;
    entry.time_slice = target.settings.time_slice;
    for (const auto& gi : planned->made) entry.instances.push_back(as_wanted(gpu->capability, gi));
    std::ranges::sort(entry.instances, {}, &model::WantedGi::placement);
    if (entry.instances.empty()) entry.mig = target.mig;
    const auto same = std::ranges::find_if(fixed.gpus, [&](model::GpuEntry other) {
      other.selector = {};
      return other == entry;
    });
    auto& mine = same != fixed.gpus.end() ? *same : fixed.gpus.emplace_back(std::move(entry));
    mine.selector.uuid.push_back(gpu->uuid);
  }
  return fixed;
}

}  // namespace gpuslice::plan
