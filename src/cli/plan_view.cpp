#include "cli/plan_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/printable.hpp"
#include "cli/verdict_view.hpp"
#include "plan/instance_text.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::cli {
namespace {

using nlohmann::ordered_json;

std::string name_of(const model::NamedGi* gi, const mig::ComputeInstance& ci) {
  const auto* named = gi != nullptr ? model::entry_of(gi->compute, ci) : nullptr;
  return named != nullptr ? named->name : "";
}

ordered_json instances_json(const mig::Capability& capability, const model::GpuState& state,
                            const std::vector<model::NamedGi>& names) {
  auto all = ordered_json::array();
  for (const auto& gi : state.mig.partition.instances) {
    const auto* ours = model::entry_of(names, gi);
    ordered_json one = {{"profile", plan::profile_text(capability, gi.profile)},
                        {"profile_id", gi.profile.value},
                        {"placement", plan::place_text(gi.placement)}};
    if (ours != nullptr && !ours->name.empty()) one["name"] = ours->name;
    one["compute"] = ordered_json::array();
    for (const auto& ci : gi.compute) {
      ordered_json inner = {{"profile", plan::share_text(capability, gi.profile, ci.profile)},
                            {"profile_id", ci.profile.value},
                            {"placement", plan::place_text(ci.placement)}};
      if (const auto name = name_of(ours, ci); !name.empty()) inner["name"] = name;
      one["compute"].push_back(std::move(inner));
    }
    all.push_back(std::move(one));
  }
  return all;
}

ordered_json state_json(const mig::Capability& capability, const model::GpuState& state,
                        const std::vector<model::NamedGi>& names) {
  return {{"mig", state.mig.mode}, {"instances", instances_json(capability, state, names)}};
}

ordered_json cost_json(const model::Cost& cost) {
  return {{"busy_stopped", cost.busy}, {"instances_destroyed", cost.stopped}, {"steps", cost.steps}};
}

// The GPU as it is now, with its names, and as the plan leaves it.
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

// What a reset does besides: it destroys the instances without steps of their own, and the MIG mode may change.
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

}  // namespace

std::string client_text(const model::Client& client) {
  auto text = fmt::format("process {}", client.pid);
  if (!client.command.empty()) text += " (" + printable(client.command) + ")";
  if (!client.user.empty()) text += " of " + printable(client.user);
  if (client.memory_bytes) text += fmt::format(", {} MiB", *client.memory_bytes >> 20U);
  return text;
}

ordered_json client_json(const model::Client& client) {
  ordered_json one = {{"pid", client.pid}};
  one["user"] = client.user.empty() ? ordered_json() : ordered_json(client.user);
  one["command"] = client.command.empty() ? ordered_json() : ordered_json(client.command);
  one["memory_bytes"] = client.memory_bytes ? ordered_json(*client.memory_bytes) : ordered_json();
  if (client.gi) one["gi"] = client.gi->value;
  if (client.ci) one["ci"] = client.ci->value;
  return one;
}

std::string plan_text(const model::Inventory& inventory, const model::Plan& plan) {
  std::string text;
  std::size_t number = 0, stays = 0;
  std::set<std::pair<GpuIndex, std::uint32_t>> leaving;  // each client is named where it has to leave first
  for (const auto& [gpu, one] : sides(inventory, plan)) {
    const auto there = gpu->state.mig.mode ? gpu->state.mig.partition.instances.size() : 0;
    std::size_t destroyed = 0;
    for (const auto& step : one->steps)
      destroyed += step.is<model::Reset>() ? there : step.is<model::DestroyGi>() ? 1 : 0;
    stays += there - destroyed;
    text += fmt::format("GPU {}: {}{}\n", gpu->index.value, printable(gpu->name),
                        one->steps.empty() ? ": nothing to do" : "");
    for (const auto& step : one->steps) {
      text += fmt::format("  {:>2}  {}{}\n", ++number, plan::step_text(gpu->capability, step),
                          step.name.empty() ? "" : " (" + printable(step.name) + ")");
      if (step.is<model::ComputeDisplay>())
        text += "      warning: the display outputs of the board go dark, also after the reboot\n";
      if (step.is<model::Reset>()) text += reset_text(*gpu, *one);
      for (const auto& client : step.clients)
        if (leaving.insert({gpu->index, client.pid}).second) text += "      stops " + client_text(client) + "\n";
    }
  }
  const auto cost = plan.cost();
  if (cost.steps == 0) return text + "nothing to do\n";
  text += cost.steps == 1 ? "1 step" : fmt::format("{} steps", cost.steps);
  if (cost.stopped == 0)
    text += "; nothing is destroyed";
  else
    text += fmt::format("; {} instance{} destroyed", cost.stopped, cost.stopped == 1 ? " is" : "s are");
  if (!leaving.empty())
    text += fmt::format("; {} process{} will be stopped", leaving.size(), leaving.size() == 1 ? "" : "es");
  if (stays != 0) text += fmt::format("; {} GPU instance{} unchanged", stays, stays == 1 ? " is" : "s are");
  text += "\n";
  return text;
}

ordered_json plan_json(const model::Inventory& inventory, const model::Plan& plan, const ops::Verdict& verdict) {
  ordered_json document = {
      {"event", "plan"}, {"digest", plan.digest}, {"verdict", verdict_json(verdict)}, {"cost", cost_json(plan.cost())}};
  document["gpus"] = ordered_json::array();
  for (const auto& [gpu, one] : sides(inventory, plan)) {
    ordered_json entry = {{"index", gpu->index.value},
                          {"uuid", gpu->uuid.empty() ? ordered_json() : ordered_json(gpu->uuid)},  // a product has none
                          {"name", gpu->name},
                          {"cost", cost_json(one->cost)}};
    entry["steps"] = ordered_json::array();
    for (const auto& step : one->steps) {
      ordered_json line = {{"kind", plan::kind_word(step)}, {"text", plan::step_text(gpu->capability, step)}};
      if (const auto* gi = model::gi_seat(step))
        line["gpu_instance"] = {{"profile", plan::profile_text(gpu->capability, gi->profile)},
                                {"profile_id", gi->profile.value},
                                {"placement", plan::place_text(gi->placement)}};
      if (const auto* ci = model::ci_seat(step))
        line["compute_instance"] = {{"profile", plan::share_text(gpu->capability, ci->parent.profile, ci->profile)},
                                    {"profile_id", ci->profile.value},
                                    {"placement", plan::place_text(ci->placement)}};
      if (!step.name.empty()) line["name"] = step.name;
      line["clients"] = ordered_json::array();
      for (const auto& client : step.clients) line["clients"].push_back(client_json(client));
      entry["steps"].push_back(std::move(line));
    }
    entry["before"] = state_json(gpu->capability, one->before, gpu->made);
    entry["after"] = state_json(gpu->capability, one->after, one->made);
    document["gpus"].push_back(std::move(entry));
  }
  return document;
}

}  // namespace gpuslice::cli
