// A layout taken apart into what it declares for each GPU, so that a GPU for which it is wrong or impossible does not
// affect the others.
#pragma once

#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"

namespace gpuslice::plan {

// What is declared for one GPU: a layout that selects only this GPU. Errors: usage when several entries select it.
struct OnGpu {
  GpuIndex gpu{};
  Result<model::Layout> layout;
};

struct ByGpu {
  std::vector<OnGpu> gpus;  // ascending by index; also those that cannot be read
  // What the layout names and this node does not have, an error for each UUID, address, index or product: not_found,
  // or unknown when a GPU that cannot be read may be it.
  std::vector<Error> absent;
};
[[nodiscard]] ByGpu by_gpu(const model::Layout& layout, const model::Inventory& inventory);

}  // namespace gpuslice::plan
