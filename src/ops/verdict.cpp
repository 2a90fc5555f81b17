#include "ops/verdict.hpp"

#include <algorithm>

#include "plan/renames.hpp"

namespace gpuslice::ops {

std::vector<InTheWay> in_the_way(const model::Plan& plan) {
  std::vector<InTheWay> all;
  for (const auto& gpu : plan.gpus)
    for (const auto& step : gpu.steps)
      for (const auto& client : step.clients)
        if (std::none_of(all.begin(), all.end(),
                         [&](const auto& one) { return one.gpu == gpu.gpu && one.client == client; }))
          all.push_back({gpu.gpu, client});
  return all;
}

Verdict verdict_of(const model::Plan& plan, bool drains) {
  Verdict verdict{Verdict::Kind::ready, in_the_way(plan)};
  if (plan.needs_reboot())
    verdict.kind = Verdict::Kind::needs_reboot;
  else if (!verdict.stops.empty() && !drains)
    verdict.kind = Verdict::Kind::stops_clients;
  else if (plan.empty())
    verdict.kind = Verdict::Kind::nothing_to_do;
  return verdict;
}

Verdict verdict_of(const model::Inventory& inventory, const model::Plan& plan, bool drains) {
  auto verdict = verdict_of(plan, drains);
  if (verdict.kind != Verdict::Kind::nothing_to_do) return verdict;
  for (const auto& one : plan.gpus)
    if (const auto* gpu = inventory.find(one.gpu); gpu != nullptr && !plan::renames(*gpu, one).empty())
      verdict.kind = Verdict::Kind::ready;
  return verdict;
}

}  // namespace gpuslice::ops
