#include "cli/difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/printable.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::cli {
namespace {

struct Lines {
  std::vector<std::string> extra, missing;
};

std::string called(const std::string& name) { return name.empty() ? "" : " \"" + printable(name) + "\""; }

// Without the verb: "create GPU instance 3g.20gb at 4:4" is a GPU instance that is missing.
std::string object(const mig::Capability& capability, const model::Step& step) {
  const auto text = plan::step_text(capability, step);
  return text.substr(text.find(' ') + 1) + called(step.name);
}

std::string seat(const mig::Capability& capability, const model::NamedGi& gi) {
  const auto* profile = capability.find(gi.profile);
  return fmt::format("GPU instance {} at {}:{}", profile != nullptr ? profile->name : "?", gi.placement.start,
                     gi.placement.size);
}

// Names that are wanted for what stands under another name, or none.
void compare_names(const model::Gpu& gpu, const model::GpuPlan& plan, Lines& lines) {
  for (const auto& wanted : plan.made) {
    const auto stands =
        std::any_of(gpu.state.mig.partition.instances.begin(), gpu.state.mig.partition.instances.end(),
                    [&](const auto& gi) { return gi.placement == wanted.placement && gi.profile == wanted.profile; });
    if (!stands) continue;
    const auto* now = model::entry_of(gpu.made, wanted);
    const std::string name = now != nullptr ? now->name : "";
    const auto where = seat(gpu.capability, wanted);
    if (!wanted.name.empty() && name != wanted.name) {
      if (!name.empty()) lines.extra.push_back("name" + called(name) + " of " + where);
      lines.missing.push_back("name" + called(wanted.name) + " of " + where);
    }
    for (const auto& inner : wanted.compute) {
      if (inner.name.empty()) continue;
      const bool there =
          now != nullptr && std::any_of(now->compute.begin(), now->compute.end(), [&](const auto& ci) {
            return ci.placement == inner.placement && ci.profile == inner.profile && ci.name == inner.name;
          });
      const bool made = std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) {
        const auto* created = std::get_if<model::CreateCi>(&step.action);
        return created != nullptr && created->seat.parent.placement == wanted.placement &&
               created->seat.placement == inner.placement;
      });
      if (!there && !made)
        lines.missing.push_back(fmt::format("name{} of compute instance at {}:{} in {}", called(inner.name),
                                            inner.placement.start, inner.placement.size, where));
    }
  }
}

// What a step says about the difference: it makes what is missing, and ends what is there besides.
struct Told {
  const mig::Capability& capability;
  const model::Step& step;
  Lines& lines;

  void operator()(const model::ComputeDisplay&) const { lines.missing.emplace_back("the compute display mode"); }
  void operator()(const model::Reboot&) const {}
  void operator()(const model::Reset&) const {}
  void operator()(const model::SetMig& set) const {
    (set.enable ? lines.missing : lines.extra).emplace_back("MIG mode");
  }
  void operator()(const model::DestroyCi&) const { lines.extra.push_back(object(capability, step)); }
  void operator()(const model::DestroyGi&) const { lines.extra.push_back(object(capability, step)); }
  void operator()(const model::CreateGi&) const { lines.missing.push_back(object(capability, step)); }
  void operator()(const model::CreateCi&) const { lines.missing.push_back(object(capability, step)); }
  void operator()(const model::SetComputeMode&) const { lines.missing.push_back(object(capability, step)); }
  void operator()(const model::SetTimeSlice&) const { lines.missing.push_back(object(capability, step)); }
};

Lines lines_of(const model::Gpu& gpu, const model::GpuPlan& plan) {
  Lines lines;
  for (const auto& step : plan.steps) std::visit(Told{gpu.capability, step, lines}, step.action);
  compare_names(gpu, plan, lines);
  return lines;
}

}  // namespace

std::string difference_text(const model::Inventory& inventory, const model::Plan& plan) {
  std::string text;
  for (const auto& one : plan.gpus) {
    const auto* gpu = inventory.find(one.gpu);
    if (gpu == nullptr) continue;
    const auto lines = lines_of(*gpu, one);
    if (lines.extra.empty() && lines.missing.empty()) continue;
    text += fmt::format("GPU {}: {}\n", gpu->index.value, gpu->name);
    for (const auto& line : lines.extra) text += "  - " + line + "\n";
    for (const auto& line : lines.missing) text += "  + " + line + "\n";
  }
  return text;
}

nlohmann::ordered_json difference_json(const model::Inventory& inventory, const model::Plan& plan) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& one : plan.gpus) {
    const auto* gpu = inventory.find(one.gpu);
    if (gpu == nullptr) continue;
    const auto lines = lines_of(*gpu, one);
    if (lines.extra.empty() && lines.missing.empty()) continue;
    all.push_back({{"gpu", gpu->index.value}, {"uuid", gpu->uuid}, {"extra", lines.extra}, {"missing", lines.missing}});
  }
  return all;
}

}  // namespace gpuslice::cli
