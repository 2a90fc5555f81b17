#include "plan/absent.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gpuslice::plan {

std::vector<std::string> leave_out_absent_gpus(model::Layout& layout, const model::Inventory& inventory) {
  std::vector<std::string> notes;
  if (layout.origin.format != model::Format::mig_parted) return notes;
  const auto is_absent = [&](std::uint32_t index) { return inventory.find(GpuIndex{index}) == nullptr; };
  const auto selects_nothing = [&](model::GpuEntry& entry) {
    auto& indices = entry.selector.index;
    const auto absent = std::stable_partition(indices.begin(), indices.end(), [&](auto i) { return !is_absent(i); });
    if (absent == indices.end()) return false;
    notes.push_back(fmt::format("{}: skipped: no GPU has the index {}; GPUs on the node: {}", entry.origin.text(),
                                fmt::join(absent, indices.end(), ", "), inventory.gpus.size()));
    indices.erase(absent, indices.end());
    return indices.empty();
  };
  std::erase_if(layout.gpus, selects_nothing);
  return notes;
}

}  // namespace gpuslice::plan
