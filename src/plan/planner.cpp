#include "plan/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/resolve.hpp"
#include "plan/shape.hpp"

namespace gpuslice::plan {
namespace {

// The product of the GPU in the form that `gpuslice layouts --for` takes.
std::string product(const model::Inventory& inventory, GpuIndex index) {
  const auto* gpu = inventory.find(index);
  return gpu != nullptr && !gpu->product.empty() ? gpu->product : "PRODUCT";
}

}  // namespace

std::expected<model::Plan, std::vector<Refusal>> plan_node(const model::Inventory& inventory,
                                                           const std::vector<model::GpuTarget>& targets) {
  model::Plan plan;
  std::vector<Refusal> refusals;
  for (const auto& [index, target] : targets) {
    const auto* gpu = inventory.find(index);
    if (gpu == nullptr) continue;  // resolve never returns such a target
    auto one = plan_gpu(*gpu, target);
    if (one)
      plan.gpus.push_back(*std::move(one));
    else
      refusals.push_back(std::move(one).error());
  }
  const auto ascending = [](const auto& a, const auto& b) { return a.gpu < b.gpu; };
  std::sort(plan.gpus.begin(), plan.gpus.end(), ascending);
  std::sort(refusals.begin(), refusals.end(), ascending);
  if (!refusals.empty()) return std::unexpected(std::move(refusals));
  plan.digest = digest(inventory);
  return plan;
}

Error explain(const model::Inventory& inventory, const std::vector<Refusal>& refusals) {
  Error error{ErrorKind::refused, "plan", "", ""};
  bool in_the_way = false;
  // Identical GPUs are refused for the same reason, so the reason is shown once.
  std::vector<const Refusal*> told;
  for (const auto& refusal : refusals) {
    if (refusal.reason == Refusal::Reason::no_mig) error.kind = ErrorKind::unsupported;
    in_the_way = in_the_way || refusal.reason == Refusal::Reason::in_the_way;
    const auto same = [&](const Refusal* one) { return one->what == refusal.what; };
    if (std::any_of(told.begin(), told.end(), same)) continue;
    told.push_back(&refusal);
    std::vector<std::uint32_t> gpus;
    for (const auto& other : refusals)
      if (other.what == refusal.what) gpus.push_back(other.gpu.value);
    const auto where = refusal.origin.text();
    error.what +=
        fmt::format("{}{}GPU {}: {}", error.what.empty() ? "" : "\n",
                    where.empty() || told.size() == 1 ? "" : where + ": ", fmt::join(gpus, ", "), refusal.what);
  }
  if (!told.empty() && !told.front()->origin.text().empty()) error.object = told.front()->origin.text();
  if (in_the_way) error.hint = Hint::gpuslice({"list"});
  if (!in_the_way && error.kind == ErrorKind::refused)
    error.hint = Hint::gpuslice({"layouts", {"for", product(inventory, refusals.front().gpu)}, Hint::flag("maximal")});
  return error;
}

std::expected<model::Plan, NoPlan> try_layout(const model::Inventory& inventory, const model::Layout& layout) {
  const auto targets = resolve(layout, inventory);
  if (!targets) return std::unexpected(NoPlan{targets.error(), {}});
  auto plan = plan_node(inventory, *targets);
  if (plan) return *std::move(plan);
  auto error = explain(inventory, plan.error());
  const auto in_the_way = [](const Refusal& refusal) { return refusal.reason == Refusal::Reason::in_the_way; };
  if (std::any_of(plan.error().begin(), plan.error().end(), in_the_way)) {
    error.what +=
        "\nan instance that another program created stays unless the layout lists it, or says foreign: remove for "
        "that GPU";
    error.hint = Hint::gpuslice({"export"});
  }
  return std::unexpected(NoPlan{std::move(error), std::move(plan).error()});
}

Result<model::Plan> plan_layout(const model::Inventory& inventory, const model::Layout& layout) {
  auto plan = try_layout(inventory, layout);
  if (!plan) return std::unexpected(std::move(plan).error().error);
  return *std::move(plan);
}

}  // namespace gpuslice::plan
