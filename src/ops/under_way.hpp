// The change that another process is executing right now, read from the store without its lock.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "store/node_store.hpp"

namespace gpuslice::ops {

struct UnderWay {
  store::Holder by;
  std::uint64_t number{};  // of the change; 0: not begun, or an interrupted change is recovered first
  std::optional<std::vector<GpuIndex>> gpus;  // absent: not known yet
};
[[nodiscard]] std::optional<UnderWay> under_way(const store::NodeStore& store);

}  // namespace gpuslice::ops
