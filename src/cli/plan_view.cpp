#include "cli/plan_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/printable.hpp"
#include "plan/instance_text.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::cli {
namespace {

using nlohmann::ordered_json;

bool is_whole(const mig::Capability& capability, const mig::GpuInstance& gi, const mig::ComputeInstance& ci) {
  const auto* parent = capability.find(gi.profile);
  const auto* profile = parent != nullptr ? parent->find(ci.profile) : nullptr;
  return profile != nullptr && profile->is_default;
}

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

// What is written into the slices of one GPU instance: above its name and profile, below what is inside.
struct Box {
  mig::Placement at{};
  std::string above, below;
  bool busy{};
};
std::vector<Box> boxes(const mig::Capability& capability, const model::GpuState& state,
                       const std::vector<model::NamedGi>& names, const std::vector<model::Client>& clients) {
  std::vector<Box> all;
  for (const auto& gi : state.mig.partition.instances) {
    const auto* ours = model::entry_of(names, gi);
    Box box;
    box.at = gi.placement;
    box.above = plan::profile_text(capability, gi.profile);
    if (ours != nullptr && !ours->name.empty()) box.above = printable(ours->name) + " " + box.above;
    for (const auto& ci : gi.compute) {
      if (gi.compute.size() == 1 && is_whole(capability, gi, ci) && name_of(ours, ci).empty()) continue;
      const auto name = name_of(ours, ci);
      box.below += (box.below.empty() ? "" : " ") + plan::share_text(capability, gi.profile, ci.profile) +
                   (name.empty() ? "" : "=" + printable(name));
    }
    if (gi.compute.empty()) box.below = "no CI";
    box.busy = std::any_of(clients.begin(), clients.end(), [&](const auto& c) { return c.gi == gi.id; });
    all.push_back(box);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return all;
}

constexpr std::size_t cell = 9;  // characters for each slice

std::string fitted(std::string text, std::size_t width) {
  if (text.size() > width) text = std::string(first_bytes(text, width - 1)) + "~";
  return text + std::string(width - text.size(), ' ');
}

// One line of boxes: `text` gives what stands in a box.
template <class Text>
std::string row(const mig::Capability& capability, const std::vector<Box>& all, Text text) {
  std::string line = "|";
  unsigned at = 0;
  for (const auto& box : all) {
    for (; at < box.at.start; ++at) line += std::string(cell - 1, '.') + "|";
    line += fitted(text(box), box.at.size * cell - 1) + "|";
    at = box.at.end();
  }
  for (; at < capability.grid; ++at) line += std::string(cell - 1, '.') + "|";
  return line;
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

std::string mode_word(const model::GpuState& state) {
  if (!state.mig.mode) return state.mig.pending ? "MIG off, on after a reset" : "MIG off";
  return state.mig.pending ? "" : "MIG on, off after a reset";
}

std::string indented(const std::string& label, const std::string& lines) {
  std::string text;
  std::size_t at = 0;
  bool first = true;
  while (at < lines.size()) {
    const auto end = lines.find('\n', at);
    text += fmt::format("  {:<7}{}\n", first ? label : "", lines.substr(at, end - at));
    first = false;
    at = end + 1;
  }
  return text;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

// No steps of their own destroy them.
std::string ended_by_reset(const model::Gpu& gpu) {
  std::string text;
  for (const auto& gi : gpu.state.mig.partition.instances) {
    const auto* ours = model::entry_of(gpu.made, gi);
    text += fmt::format("      ends GPU instance {} at {}{}\n", plan::profile_text(gpu.capability, gi.profile),
                        plan::place_text(gi.placement),
                        ours != nullptr && !ours->name.empty() ? " (" + printable(ours->name) + ")" : "");
  }
  return text;
}

constexpr int slice_px = 90, row_px = 46;

// The boxes of one state from (x, y) on.
std::string svg_row(const mig::Capability& capability, const std::vector<Box>& all, int x, int y) {
  std::string text;
  for (int i = 0; i < capability.grid; ++i)
    text += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"free\"/>\n", x + i * slice_px, y,
                        slice_px - 2, row_px);
  for (const auto& box : all) {
    const int left = x + box.at.start * slice_px, width = box.at.size * slice_px - 2;
    text += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"/>\n", left, y, width, row_px,
                        box.busy ? "busy" : "gi");
    text += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", left + 6, y + 19, escaped(box.above));
    if (!box.below.empty())
      text += fmt::format("<text x=\"{}\" y=\"{}\" class=\"ci\">{}</text>\n", left + 6, y + 37, escaped(box.below));
  }
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
      if (step.is<model::Reset>()) text += ended_by_reset(*gpu);
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
    text += fmt::format("; {} instance{} destroyed", cost.stopped, cost.stopped == 1 ? "" : "s");
  if (!leaving.empty())
    text += fmt::format("; {} client{} to leave", leaving.size(), leaving.size() == 1 ? " has" : "s have");
  if (stays != 0) text += fmt::format("; {} GPU instance{} as before", stays, stays == 1 ? " stays" : "s stay");
  text += "\n";
  return text;
}

ordered_json plan_json(const model::Inventory& inventory, const model::Plan& plan) {
  ordered_json document = {{"event", "plan"}, {"digest", plan.digest}, {"cost", cost_json(plan.cost())}};
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

std::string slices_drawing(const mig::Capability& capability, const model::GpuState& state,
                           const std::vector<model::NamedGi>& names, const std::vector<model::Client>& clients) {
  if (!state.mig.mode) return mode_word(state) + "\n";
  const auto all = boxes(capability, state, names, clients);
  auto text = row(capability, all, [](const Box& box) { return box.above + (box.busy ? " *" : ""); }) + "\n";
  if (std::any_of(all.begin(), all.end(), [](const Box& box) { return !box.below.empty(); }))
    text += row(capability, all, [](const Box& box) { return box.below; }) + "\n";
  return text;
}

std::string plan_drawing(const model::Inventory& inventory, const model::Plan& plan) {
  std::string text;
  bool busy = false;
  for (const auto& [gpu, one] : sides(inventory, plan)) {
    text += fmt::format("GPU {}: {}\n", gpu->index.value, printable(gpu->name));
    text += indented("before", slices_drawing(gpu->capability, one->before, gpu->made, gpu->clients));
    text += indented("after", slices_drawing(gpu->capability, one->after, one->made, gpu->clients));
    busy = busy || !gpu->clients.empty();
  }
  if (busy) text += "  * in use\n";
  return text;
}

std::string plan_svg(const model::Inventory& inventory, const model::Plan& plan) {
  constexpr int left = 80, head = 28, gap = 8;
  std::string body;
  int y = 10, width = 400;
  for (const auto& [gpu, one] : sides(inventory, plan)) {
    body += fmt::format("<text x=\"10\" y=\"{}\" class=\"gpu\">GPU {}: {}</text>\n", y + 16, gpu->index.value,
                        escaped(gpu->name));
    y += head;
    for (const bool after : {false, true}) {
      const auto& state = after ? one->after : one->before;
      body += fmt::format("<text x=\"10\" y=\"{}\">{}</text>\n", y + 27, after ? "after" : "before");
      if (state.mig.mode)
        body += svg_row(gpu->capability, boxes(gpu->capability, state, after ? one->made : gpu->made, gpu->clients),
                        left, y);
      else
        body += fmt::format("<text x=\"{}\" y=\"{}\" class=\"ci\">{}</text>\n", left + 6, y + 27, mode_word(state));
      y += row_px + gap;
    }
    width = std::max(width, left + gpu->capability.grid * slice_px + 10);
    y += gap;
  }
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n"
             "<style>text{{font:13px sans-serif;fill:#222}}.gpu{{font-weight:bold}}.ci{{font-size:11px;fill:#555}}"
             ".free{{fill:#f4f4f4;stroke:#ccc}}.gi{{fill:#cfe8c4;stroke:#76b900}}.busy{{fill:#ffe0b3;stroke:#d98200}}"
             "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
             width, y) +
         body + "</svg>\n";
}

}  // namespace gpuslice::cli
