// The plan for a whole node: plan_gpu for each GPU of a layout, with all refusals collected.
#pragma once

#include <expected>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"
#include "model/plan.hpp"
#include "model/target.hpp"
#include "plan/gpu_planner.hpp"

namespace gpuslice::plan {

// GPUs without a target are not part of the plan. The refusals of all GPUs are returned, ascending by index.
[[nodiscard]] std::expected<model::Plan, std::vector<Refusal>> plan_node(const model::Inventory& inventory,
                                                                         const std::vector<model::GpuTarget>& targets);

// The refusals as one error: refused, or unsupported if a GPU does not support MIG.
[[nodiscard]] Error explain(const model::Inventory& inventory, const std::vector<Refusal>& refusals);

// Why a layout has no plan on an inventory. `refusals` is empty if the layout itself is wrong.
struct NoPlan {
  Error error;
  std::vector<Refusal> refusals;
};
// The plan that applies a layout to an inventory: resolve, plan_node and explain in one call.
[[nodiscard]] std::expected<model::Plan, NoPlan> try_layout(const model::Inventory& inventory,
                                                            const model::Layout& layout);
// The same for callers that need only the error.
[[nodiscard]] Result<model::Plan> plan_layout(const model::Inventory& inventory, const model::Layout& layout);

}  // namespace gpuslice::plan
