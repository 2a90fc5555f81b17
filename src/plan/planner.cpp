#include "plan/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/resolve.hpp"
#include "plan/shape.hpp"

namespace gpuslice::plan {
namespace {

std::string instance_text(const model::Gpu& gpu, mig::GiId id) {
  const auto* gi = gpu.state.mig.partition.find(id);
  const auto* profile = gi != nullptr ? gpu.capability.find(gi->profile) : nullptr;
  if (profile == nullptr) return fmt::format("GPU instance {}", id.value);
  return fmt::format("GPU instance {} ({} at {}:{})", id.value, profile->name, gi->placement.start, gi->placement.size);
}

std::string explain(const model::Inventory& inventory, const Refusal& refusal) {
  auto text = fmt::format("GPU {}: {}", refusal.gpu.value, refusal.what);
  const auto* gpu = inventory.find(refusal.gpu);
  if (gpu == nullptr || refusal.instances.empty()) return text;
  text += "; in the way:";
  for (const auto id : refusal.instances) {
    text += (id == refusal.instances.front() ? " " : ", ") + instance_text(*gpu, id);
    for (const auto& client : gpu->clients)
      if (client.gi == id)
        text += fmt::format(", held by process {}{}", client.pid,
                            client.command.empty() ? "" : " (" + client.command + ")");
  }
  return text;
}

// How the catalogue is asked about that GPU.
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
    if (gpu == nullptr) continue;  // resolve gives no such target
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
  for (const auto& refusal : refusals) {
    error.what += (error.what.empty() ? "" : "\n") + explain(inventory, refusal);
    if (refusal.reason == Refusal::Reason::no_mig) error.kind = ErrorKind::unsupported;
    in_the_way = in_the_way || refusal.reason == Refusal::Reason::in_the_way;
  }
  if (in_the_way) error.hint = Hint::gpuslice({"list"});
  if (!in_the_way && error.kind == ErrorKind::refused)
    error.hint = Hint::gpuslice({"layouts", {"for", product(inventory, refusals.front().gpu)}, Hint::flag("maximal")});
  return error;
}

Result<model::Plan> plan_layout(const model::Inventory& inventory, const model::Layout& layout) {
  const auto targets = GPUSLICE_TRY(resolve(layout, inventory));
  auto plan = plan_node(inventory, targets);
  if (plan) return *std::move(plan);
  auto error = explain(inventory, plan.error());
  const auto in_the_way = [](const Refusal& refusal) { return refusal.reason == Refusal::Reason::in_the_way; };
  if (std::any_of(plan.error().begin(), plan.error().end(), in_the_way)) {
    error.what += "\nthey stay unless the layout has them too, or foreign: remove for that GPU";
    error.hint = Hint::gpuslice({"export"});
  }
  return std::unexpected(std::move(error));
}

}  // namespace gpuslice::plan
