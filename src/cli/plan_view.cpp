#include "cli/plan_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/printable.hpp"
#include "cli/state_json.hpp"
#include "cli/verdict_view.hpp"
#include "plan/instance_text.hpp"
#include "plan/renames.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::cli {
namespace {

using nlohmann::ordered_json;

ordered_json cost_json(const model::Cost& cost) {
  return {{"busy_stopped", cost.busy}, {"instances_destroyed", cost.stopped}, {"steps", cost.steps}};
}

// The GPU in its current state, with the names of its instances, and in the state after the plan.
struct Sides {
  const model::Gpu* gpu{};
  const model::GpuPlan* plan{};
};
std::vector<Sides> sides(const model::Inventory& inventory, const model::Plan& plan) {
  std::vector<Sides> all;
  for (const auto& one : plan.gpus)
    if (const auto* gpu = inventory.find(one.gpu)) all.push_back({gpu, &one});
  return all;
}

// The other effects of a reset: it destroys the instances that have no steps of their own, and MIG mode may change.
std::string reset_text(const model::Gpu& gpu, const model::GpuPlan& plan) {
  std::string text;
  for (const auto& gi : gpu.state.mig.partition.instances) {
    const auto* ours = model::entry_of(gpu.made, gi);
    text += fmt::format("      destroys GPU instance {} at {}{}\n", plan::profile_text(gpu.capability, gi.profile),
                        plan::place_text(gi.placement),
                        ours != nullptr && !ours->name.empty() ? " (" + printable(ours->name) + ")" : "");
  }
  if (plan.before.mig.mode && !plan.after.mig.mode) text += "      MIG mode will be off after the reset\n";
  if (!plan.before.mig.mode && plan.after.mig.mode) text += "      MIG mode will be on after the reset\n";
  return text;
}

// "      renames GPU instance 3g.40gb at 4:4: alice -> bob", and who uses it.
std::string rename_text(const model::Gpu& gpu, const plan::Rename& rename) {
  const auto called = [](const std::string& name) { return name.empty() ? "no name" : printable(name); };
  auto text =
      fmt::format("      renames {} {}: {} -> {}\n", rename.ci ? "compute instance" : "GPU instance",
                  rename.ci ? plan::seat_text(gpu.capability, *rename.ci) : plan::seat_text(gpu.capability, rename.gi),
                  called(rename.from), called(rename.to));
  for (const auto& client : rename.clients) text += "        used by " + client_text(client) + "\n";
  return text;
}

}  // namespace

std::string client_text(const model::Client& client) {
  auto text = fmt::format("process {}", client.pid);
  if (!client.command.empty()) text += " (" + printable(client.command) + ")";
  if (!client.user.empty()) text += " of " + printable(client.user);
  if (client.memory_bytes) text += fmt::format(", {} MiB", *client.memory_bytes >> 20U);
  return text;
}

std::string plan_text(const model::Inventory& inventory, const model::Plan& plan) {
  std::string text;
  std::size_t number = 0, stays = 0, renames = 0;
  std::set<std::pair<GpuIndex, std::uint32_t>> leaving;  // each client is shown at the first step that stops it
  for (const auto& [gpu, one] : sides(inventory, plan)) {
    const auto there = gpu->state.mig.mode ? gpu->state.mig.partition.instances.size() : 0;
    std::size_t destroyed = 0;
    for (const auto& step : one->steps)
      destroyed += step.is<model::Reset>() ? there : step.is<model::DestroyGi>() ? 1 : 0;
    stays += there - destroyed;
    const auto renamed = plan::renames(*gpu, *one);
    renames += renamed.size();
    text += fmt::format("GPU {}: {}{}\n", gpu->index.value, printable(gpu->name),
                        one->steps.empty() && renamed.empty() ? ": nothing to do" : "");
    for (const auto& step : one->steps) {
      text += fmt::format("  {:>2}  {}{}\n", ++number, plan::step_text(gpu->capability, step),
                          step.name.empty() ? "" : " (" + printable(step.name) + ")");
      if (step.is<model::ComputeDisplay>())
        text += "      warning: the display outputs of the board go dark, also after the reboot\n";
      if (step.is<model::Reset>()) text += reset_text(*gpu, *one);
      for (const auto& client : step.clients)
        if (leaving.insert({gpu->index, client.pid}).second) text += "      stops " + client_text(client) + "\n";
    }
    for (const auto& rename : renamed) text += rename_text(*gpu, rename);
  }
  const auto cost = plan.cost();
  const auto and_renamed =
      renames == 0 ? "" : fmt::format("; {} instance{} renamed", renames, renames == 1 ? " is" : "s are");
  if (cost.steps == 0) return text + (renames == 0 ? "nothing to do\n" : "no steps" + and_renamed + "\n");
  text += cost.steps == 1 ? "1 step" : fmt::format("{} steps", cost.steps);
  if (cost.stopped == 0)
    text += "; nothing is destroyed";
  else
    text += fmt::format("; {} instance{} destroyed", cost.stopped, cost.stopped == 1 ? " is" : "s are");
  if (!leaving.empty())
    text += fmt::format("; {} process{} will be stopped", leaving.size(), leaving.size() == 1 ? "" : "es");
  if (stays != 0) text += fmt::format("; {} GPU instance{} unchanged", stays, stays == 1 ? " is" : "s are");
  return text + and_renamed + "\n";
}

ordered_json plan_json(const model::Inventory& inventory, const model::Plan& plan, const ops::Verdict& verdict) {
  ordered_json document = {{"event", "plan"},
                           {"digest", plan.digest},
                           {"error", nullptr},
                           {"recovery", nullptr},
                           {"verdict", verdict_json(verdict)},
                           {"cost", cost_json(plan.cost())}};
  document["gpus"] = ordered_json::array();
  for (const auto& [gpu, one] : sides(inventory, plan)) {
    ordered_json entry = {
        {"index", gpu->index.value},
        {"uuid", gpu->uuid.empty() ? ordered_json() : ordered_json(gpu->uuid)},  // a product has no UUID
        {"name", gpu->name},
        {"cost", cost_json(one->cost)}};
    entry["steps"] = ordered_json::array();
    for (const auto& step : one->steps) {
      auto line = step_json(gpu->capability, step);
      line["clients"] = clients_json(step.clients);
      entry["steps"].push_back(std::move(line));
    }
    entry["renames"] = ordered_json::array();
    for (const auto& rename : plan::renames(*gpu, *one)) {
      const auto names = names_by(gpu->capability);
      entry["renames"].push_back({{"gpu_instance", gi_json(names, rename.gi)},
                                  {"compute_instance", rename.ci ? ci_json(names, *rename.ci) : ordered_json()},
                                  {"from", text_or_null(rename.from)},
                                  {"to", text_or_null(rename.to)},
                                  {"clients", clients_json(rename.clients)}});
    }
    entry["before"] = state_json(names_by(gpu->capability), one->before, gpu->made);
    entry["after"] = state_json(names_by(gpu->capability), one->after, one->made);
    document["gpus"].push_back(std::move(entry));
  }
  return document;
}

std::vector<report::schema::Property> plan_properties() {
  using namespace report::schema;
  return {{"digest", nullable(text()), "digest of the node state that the plan starts from; null: there is no plan"},
          {"error", nullable(reference("error")), "why there is no plan; null: there is one"},
          {"recovery",
           nullable(object({{"number", count()},
                            {"verb", text()},
                            {"user", text()},
                            {"started", text()},
                            {"complete", flag(), "true: it is recorded as done; false: it is rolled back"}})),
           "the interrupted change that apply ends first; the plan starts from the node after that. null: none"},
          {"verdict", reference("verdict")},
          {"cost", nullable(reference("cost")), "null: there is no plan"},
          {"gpus", list_of(reference("plan_gpu"))}};
}

report::schema::Json plan_schema() {
  auto properties = plan_properties();
  properties.insert(properties.begin(), {"event", report::schema::constant("plan")});
  return report::schema::object(properties);
}

}  // namespace gpuslice::cli
