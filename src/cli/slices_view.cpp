#include "cli/slices_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "cli/plan_view.hpp"
#include "plan/instance_text.hpp"

namespace gpuslice::cli {
namespace {

bool is_whole(const mig::Capability& capability, const mig::GpuInstance& gi, const mig::ComputeInstance& ci) {
  const auto* parent = capability.find(gi.profile);
  const auto* profile = parent != nullptr ? parent->find(ci.profile) : nullptr;
  return profile != nullptr && profile->is_default;
}

// The text in the slices of one GPU instance: its name and profile above, its compute instances below.
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
      const auto* named = ours != nullptr ? model::entry_of(ours->compute, ci) : nullptr;
      const auto name = named != nullptr ? named->name : std::string{};
      if (gi.compute.size() == 1 && is_whole(capability, gi, ci) && name.empty()) continue;
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

// The clients that remain after the plan: those in instances that it keeps. Instances that the plan creates have no
// driver ids yet, so ids are not compared for them.
std::vector<model::Client> clients_after(const model::Gpu& gpu, const model::GpuPlan& plan) {
  std::vector<model::Client> left;
  for (const auto& client : gpu.clients) {
    if (!client.gi) continue;
    const auto* before = plan.before.mig.partition.find(*client.gi);
    const auto* after = plan.after.mig.partition.find(*client.gi);
    const bool stopped = std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) {
      return std::any_of(step.clients.begin(), step.clients.end(), [&](const auto& c) { return c.pid == client.pid; });
    });
    if (before != nullptr && after != nullptr && before->profile == after->profile &&
        before->placement == after->placement && !stopped)
      left.push_back(client);
  }
  return left;
}

constexpr std::size_t cell = 9;  // characters for each slice

// `mark`: the last character of the box, shown at any width.
std::string fitted(std::string text, std::size_t width, bool mark) {
  const auto room = mark ? width - 1 : width;
  if (text.size() > room) text = std::string(first_bytes(text, room - 1)) + "~";
  return text + std::string(room - text.size(), ' ') + (mark ? "*" : "");
}

// One line of boxes; `text` returns the text of a box.
template <class Text>
std::string row(const mig::Capability& capability, const std::vector<Box>& all, bool marks, Text text) {
  std::string line = "|";
  unsigned at = 0;
  for (const auto& box : all) {
    for (; at < box.at.start; ++at) line += std::string(cell - 1, '.') + "|";
    line += fitted(text(box), box.at.size * cell - 1, marks && box.busy) + "|";
    at = box.at.end();
  }
  for (; at < capability.grid; ++at) line += std::string(cell - 1, '.') + "|";
  return line;
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

constexpr int slice_px = 90, row_px = 46;

// Draws the boxes of one state, starting at (x, y).
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

std::string svg_legend(int x, int y) {
  struct Entry {
    const char *kind, *text;
  };
  std::string out;
  for (const auto& [kind, text] : {Entry{"gi", "GPU instance"}, Entry{"busy", "in use"}, Entry{"free", "free slice"}}) {
    out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"14\" height=\"14\" class=\"{}\"/>\n", x, y, kind);
    out += fmt::format("<text x=\"{}\" y=\"{}\" class=\"ci\">{}</text>\n", x + 20, y + 11, text);
    x += 110;
  }
  return out;
}

}  // namespace

std::string slices_drawing(const mig::Capability& capability, const model::GpuState& state,
                           const std::vector<model::NamedGi>& names, const std::vector<model::Client>& clients) {
  if (!state.mig.mode) return mode_word(state) + "\n";
  const auto all = boxes(capability, state, names, clients);
  auto text = row(capability, all, true, [](const Box& box) { return box.above; }) + "\n";
  if (std::any_of(all.begin(), all.end(), [](const Box& box) { return !box.below.empty(); }))
    text += row(capability, all, false, [](const Box& box) { return box.below; }) + "\n";
  return text;
}

std::string slices_legend() { return "  * in use   ........ free slice   ~ text cut short\n"; }

std::string plan_drawing(const model::Inventory& inventory, const model::Plan& plan) {
  std::string text;
  bool slices = false;
  for (const auto& one : plan.gpus) {
    const auto* gpu = inventory.find(one.gpu);
    if (gpu == nullptr) continue;
    text += fmt::format("GPU {}: {}\n", gpu->index.value, printable(gpu->name));
    text += indented("before", slices_drawing(gpu->capability, one.before, gpu->made, gpu->clients));
    text += indented("after", slices_drawing(gpu->capability, one.after, one.made, clients_after(*gpu, one)));
    slices = slices || one.before.mig.mode || one.after.mig.mode;
  }
  return slices ? text + slices_legend() : text;
}

std::string plan_svg(const model::Inventory& inventory, const model::Plan& plan, const std::string& note) {
  constexpr int left = 80, head = 28, gap = 8;
  std::string body;
  int y = 10, width = 420;
  for (const auto& one : plan.gpus) {
    const auto* gpu = inventory.find(one.gpu);
    if (gpu == nullptr) continue;
    body += fmt::format("<text x=\"10\" y=\"{}\" class=\"gpu\">GPU {}: {}</text>\n", y + 16, gpu->index.value,
                        escaped(gpu->name));
    y += head;
    for (const bool after : {false, true}) {
      const auto& state = after ? one.after : one.before;
      body += fmt::format("<text x=\"10\" y=\"{}\">{}</text>\n", y + 27, after ? "after" : "before");
      if (state.mig.mode)
        body += svg_row(gpu->capability,
                        after ? boxes(gpu->capability, state, one.made, clients_after(*gpu, one))
                              : boxes(gpu->capability, state, gpu->made, gpu->clients),
                        left, y);
      else
        body += fmt::format("<text x=\"{}\" y=\"{}\" class=\"ci\">{}</text>\n", left + 6, y + 27, mode_word(state));
      y += row_px + gap;
    }
    width = std::max(width, left + gpu->capability.grid * slice_px + 10);
    y += gap;
  }
  body += svg_legend(left, y);
  y += 24;
  if (!note.empty()) {
    body += fmt::format("<text x=\"10\" y=\"{}\">{}</text>\n", y + 14, escaped(note));
    y += 24;
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
