// `gpuslice enable`, `disable` and `reset`: MIG mode of GPUs, and the GPU reset.
#include <fmt/format.h>

#include <memory>

#include "cli/change_words.hpp"
#include "cli/verbs.hpp"
#include "ops/select.hpp"
#include "plan/keep.hpp"
#include "plan/planner.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::cli {
namespace {

struct Words {
  ChangeWords change;
  std::vector<std::string> gpus;
};

Result<model::Plan> plan_mode(const Words& words, bool enable, const model::Inventory& inventory) {
  std::vector<model::GpuTarget> targets;
  for (const auto* gpu : GPUSLICE_TRY(ops::select_mig_gpus(inventory, words.gpus))) {
    model::Target target;
    target.mig = enable;
    if (enable) target.instances = plan::as_wanted(gpu->made);
    targets.push_back({gpu->index, std::move(target)});
  }
  auto plan = plan::plan_node(inventory, targets);
  if (plan) return *std::move(plan);
  auto error = plan::explain(inventory, plan.error());
  error.object = enable ? "enable" : "disable";
  // Those that are in the way, and none besides: what gpuslice made goes with the switch.
  std::string doomed;
  for (const auto& refusal : plan.error())
    for (const auto id : refusal.instances) doomed += fmt::format(" {}:{}", refusal.gpu.value, id.value);
  error.hint = doomed.empty() ? "gpuslice list" : "gpuslice destroy" + doomed;
  return std::unexpected(error);
}

// A reset stops every client of the GPU and ends its instances.
Result<model::Plan> plan_reset(const Words& words, const model::Inventory& inventory) {
  model::Plan plan;
  plan.digest = plan::digest(inventory);
  for (const auto* gpu : GPUSLICE_TRY(ops::select_gpus(inventory, words.gpus))) {
    model::Step step;
    step.action = model::Reset{};
    step.clients = gpu->clients;
    model::GpuPlan one;
    one.gpu = gpu->index;
    one.uuid = gpu->uuid;
    one.before = gpu->state;
    one.after = GPUSLICE_TRY(plan::after_step(gpu->capability, gpu->state, {}, step));
    one.cost.steps = 1;
    one.cost.busy = static_cast<std::uint32_t>(step.clients.size());
    for (const auto& gi : gpu->state.mig.partition.instances)
      one.cost.stopped += 1 + static_cast<std::uint32_t>(gi.compute.size());
    one.steps.push_back(std::move(step));
    plan.gpus.push_back(std::move(one));
  }
  return plan;
}

using Planner = Result<model::Plan> (*)(const Words& words, const model::Inventory& inventory);

void add(CommandLine& line, const char* name, const char* help, Planner planner) {
  auto verb = line.app.add_subcommand(name, help);
  auto words = std::make_shared<Words>();
  verb.add_option("--gpu", words->gpus, "which GPUs: indices, UUIDs or PCI addresses, comma separated, or all")
      .required()
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("LIST");
  add_change_options(verb, words->change);
  verb.callback([&line, words, name, planner] {
    line.chosen = [&line, words, name, planner] {
      return change_node(line, words->change, name,
                         [&](const model::Inventory& inventory) { return planner(*words, inventory); });
    };
  });
}

}  // namespace

void add_enable_verb(CommandLine& line) {
  add(line, "enable", "Switch MIG mode on",
      [](const Words& words, const model::Inventory& inventory) { return plan_mode(words, true, inventory); });
}
void add_disable_verb(CommandLine& line) {
  add(line, "disable", "Destroy what gpuslice made on a GPU and switch MIG mode off",
      [](const Words& words, const model::Inventory& inventory) { return plan_mode(words, false, inventory); });
}
void add_reset_verb(CommandLine& line) {
  add(line, "reset", "Reset GPUs: their instances go, a pending MIG mode comes into force", plan_reset);
}

}  // namespace gpuslice::cli
