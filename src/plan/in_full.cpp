#include "plan/in_full.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "plan/resolve.hpp"

namespace gpuslice::plan {
namespace {

using Gpus = std::vector<const model::Gpu*>;

const mig::GiProfile* profile_of(const model::Gpu& gpu, const std::string& word) {
  const auto found = find_profile(gpu.capability, word);
  return found ? *found : nullptr;
}

// The value of `name` if it is the same for all GPUs; nullopt if it differs or is unknown for one of them.
template <class Name>
std::optional<std::string> agreed(const Gpus& gpus, Name name) {
  std::optional<std::string> all;
  for (const auto* gpu : gpus) {
    const std::optional<std::string> one = name(*gpu);
    if (!one || (all && *all != *one)) return std::nullopt;
    all = one;
  }
  return all;
}

void name_profiles(model::WantedGi& gi, const Gpus& gpus) {
  const auto word = gi.profile;
  if (gi.compute)
    for (auto& ci : *gi.compute) {
      const auto share = agreed(gpus, [&](const model::Gpu& gpu) -> std::optional<std::string> {
        const auto* parent = profile_of(gpu, word);
        if (parent == nullptr) return std::nullopt;
        const auto found = find_profile(*parent, ci.profile);
        return found ? std::optional(std::to_string((*found)->slices) + "c") : std::nullopt;
      });
      if (share) ci.profile = *share;
    }
  const auto full = agreed(gpus, [&](const model::Gpu& gpu) -> std::optional<std::string> {
    const auto* profile = profile_of(gpu, word);
    return profile == nullptr ? std::nullopt : std::optional(std::string(profile->name));
  });
  if (full) gi.profile = *full;
}

void select_by_index(model::Selector& selector, const Gpus& gpus, const model::Inventory& inventory) {
  if (selector.product.empty() || !selector.uuid.empty() || !selector.pci.empty() || gpus.empty()) return;
  selector = {};
  if (gpus.size() == inventory.gpus.size()) return;
  for (const auto* gpu : gpus) selector.index.push_back(gpu->index.value);
}

}  // namespace

model::Layout in_full(model::Layout layout, const model::Inventory& inventory) {
  for (auto& entry : layout.gpus) {
    const auto gpus = selected_gpus(entry.selector, inventory);
    for (auto& gi : entry.instances) name_profiles(gi, gpus);
    select_by_index(entry.selector, gpus, inventory);
  }
  return layout;
}

}  // namespace gpuslice::plan
