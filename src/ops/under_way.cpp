#include "ops/under_way.hpp"

namespace gpuslice::ops {

std::optional<UnderWay> under_way(const store::NodeStore& store) {
  auto holder = store.holder();
  if (!holder) return std::nullopt;
  UnderWay now{*std::move(holder), 0, std::nullopt};
  const auto journal = store.journal();
  if (!journal || !*journal) return now;
  // The process writes its own change after it has locked the store. An older journal belongs to the interrupted change
  // that the process recovers first; the GPUs of that change are then being changed. Both times have the same format.
  const auto& change = **journal;
  if (change.verb == now.by.command && change.started >= now.by.since) now.number = change.number;
  auto& gpus = now.gpus.emplace();
  for (const auto& gpu : change.gpus) gpus.push_back(gpu.index);
  return now;
}

}  // namespace gpuslice::ops
