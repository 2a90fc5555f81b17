#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "doctor/client_text.hpp"
#include "doctor/looks.hpp"

namespace gpuslice::doctor::looks {
namespace {

std::string profile_text(const model::Gpu& gpu, const mig::GpuInstance& gi) {
  const auto* profile = gpu.capability.find(gi.profile);
  return profile != nullptr ? std::string(profile->name) : fmt::format("profile {}", gi.profile.value);
}

// The instances of a GPU that is being changed are not its last word.
bool is_in_change(const NodeFacts& facts, const GpuFacts& one) {
  return std::ranges::find(facts.in_change, one.index) != facts.in_change.end();
}

}  // namespace

void empty_instance(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& one) {
    if (is_in_change(facts, one)) return;
    for (const auto& gi : one.gpu.state.mig.partition.instances) {
      if (!gi.compute.empty()) continue;
      const auto* ours = one.gpu.made_known ? model::entry_of(one.gpu.made, gi) : nullptr;
      const auto* profile = one.gpu.capability.find(gi.profile);
      const bool can_fix = ours != nullptr && profile != nullptr && profile->default_compute() != nullptr;
      answer.problem(one,
                     fmt::format("GPU instance {} ({} at {}:{}) has no compute instance", gi.id.value,
                                 profile_text(one.gpu, gi), gi.placement.start, gi.placement.size),
                     "it holds memory and slices, and CUDA finds no device in it",
                     can_fix
                         ? Hint::gpuslice({"doctor", Hint::flag("fix"), {"only", "empty-instance"}})
                         : Hint(fmt::format("sudo nvidia-smi mig -i {} -gi {} -cci", one.index.value, gi.id.value)));
      if (can_fix) answer.fixable();
    }
  });
}

void mig_unused(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& one) {
    const auto& mig = one.gpu.state.mig;
    if (is_in_change(facts, one)) return;
    if (!mig.mode || mig.mode != mig.pending || !mig.partition.instances.empty()) return;
    // Processes that prevent the first instance are the cause that `processes` reports.
    if (!one.gpu.clients.empty()) return;
    answer.advice(one, "MIG mode is on, and there is no instance", "CUDA programs find no device on it",
                  Hint::gpuslice({"profiles", {"gpu", std::to_string(one.index.value)}}));
  });
}

void processes(const NodeFacts& facts, Answer& answer) {
  each_gpu(facts, answer, [&](const GpuFacts& one) {
    const auto& mig = one.gpu.state.mig;
    if (!mig.mode || mig.mode != mig.pending) return;  // mig-pending names those that prevent a switch
    std::vector<model::Client> whole;
    for (const auto& client : one.gpu.clients)
      if (!client.gi) whole.push_back(client);
    if (whole.empty()) return;
    answer.problem(
        one,
        fmt::format("MIG mode is on, and {} {} the whole GPU", clients_text(whole), whole.size() == 1 ? "uses" : "use"),
        "no GPU instance can be created or destroyed: In use by another client", clients_hint(whole));
  });
}

void interrupted(const NodeFacts& facts, Answer& answer) {
  for (const auto& one : facts.store) answer.unknown(one.message());
  if (facts.changing) answer.skip("another gpuslice is changing the node");
  if (!facts.interrupted) return;
  answer.problem("node",
                 fmt::format("change {} ({} of {}) was interrupted", facts.interrupted->number, facts.interrupted->verb,
                             facts.interrupted->user),
                 "instances can be missing until it is rolled back", Hint::gpuslice({"recover"}));
}

}  // namespace gpuslice::doctor::looks
