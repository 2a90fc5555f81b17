// The plan for a whole node: each GPU of a layout by plan_gpu, all refusals together.
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

// GPUs that have no target are no part of it. The refusals are those of all GPUs, ascending by index.
[[nodiscard]] std::expected<model::Plan, std::vector<Refusal>> plan_node(const model::Inventory& inventory,
                                                                         const std::vector<model::GpuTarget>& targets);

// The refusals as one error: refused, or unsupported when a GPU has no MIG.
[[nodiscard]] Error explain(const model::Inventory& inventory, const std::vector<Refusal>& refusals);

// Why a layout has no plan on an inventory. `refusals` is empty where the layout itself is wrong.
struct NoPlan {
  Error error;
  std::vector<Refusal> refusals;
};
// resolve, plan_node and explain in one: what a layout takes on an inventory.
[[nodiscard]] std::expected<model::Plan, NoPlan> try_layout(const model::Inventory& inventory,
                                                            const model::Layout& layout);
// The same where the error alone is wanted.
[[nodiscard]] Result<model::Plan> plan_layout(const model::Inventory& inventory, const model::Layout& layout);

}  // namespace gpuslice::plan
