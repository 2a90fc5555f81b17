#include "plan/as_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "plan/instance_text.hpp"
#include "plan/keep.hpp"
#include "plan/shape.hpp"

namespace gpuslice::plan {
namespace {

const std::string& product_of(const model::Gpu& gpu) { return gpu.product.empty() ? gpu.name : gpu.product; }

// The state of one GPU as an entry without a selector.
model::GpuEntry entry_of(const model::Gpu& gpu) {
  model::GpuEntry entry;
  if (gpu.state.compute_mode != model::ComputeMode::shared) entry.compute_mode = gpu.state.compute_mode;
  if (gpu.state.time_slice != model::TimeSlice::usual) entry.time_slice = gpu.state.time_slice;
  if (!gpu.state.mig.mode) {
    entry.mig = false;
    return entry;
  }
  for (const auto& gi : as_made(gpu.state, gpu.made)) entry.instances.push_back(as_wanted(gpu.capability, gi));
  std::sort(entry.instances.begin(), entry.instances.end(),
            [](const auto& a, const auto& b) { return a.placement < b.placement; });
  if (entry.instances.empty()) entry.mig = true;
  return entry;
}

// GPUs in the same state; groups are ordered by their first GPU.
struct Group {
  model::GpuEntry entry;
  std::vector<const model::Gpu*> gpus;
};
std::vector<Group> groups_of(const model::Inventory& inventory) {
  std::vector<Group> groups;
  for (const auto& gpu : inventory.gpus) {
    const auto entry = entry_of(gpu);
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.entry == entry; });
    if (same != groups.end())
      same->gpus.push_back(&gpu);
    else
      groups.push_back({entry, {&gpu}});
  }
  return groups;
}

// Whether products are enough to select the groups: no product is in two of them.
bool by_product(const std::vector<Group>& groups) {
  std::map<std::string, std::set<const Group*>> where;
  for (const auto& group : groups)
    for (const auto* gpu : group.gpus) where[product_of(*gpu)].insert(&group);
  return std::all_of(where.begin(), where.end(), [](const auto& one) { return one.second.size() == 1; });
}

}  // namespace

model::WantedGi as_wanted(const mig::Capability& capability, const model::NamedGi& gi) {
  model::WantedGi made;
  made.name = gi.name;
  made.placement = gi.placement;
  const auto* profile = capability.find(gi.profile);
  made.profile = profile != nullptr ? std::string(profile->name) : std::to_string(gi.profile.value);
  std::vector<model::WantedCi> compute;
  bool usual = gi.compute.size() == 1;
  for (const auto& ci : gi.compute) {
    const auto* inner = profile != nullptr ? profile->find(ci.profile) : nullptr;
    usual = usual && inner != nullptr && inner->is_default && ci.name.empty();
    model::WantedCi one;
    one.name = ci.name;
    // Where two profiles have the same share, only the id identifies the profile.
    one.profile = inner != nullptr && !shares_its_size(*profile, *inner) ? fmt::format("{}c", inner->slices)
                                                                         : std::to_string(ci.profile.value);
    one.placement = ci.placement;
    compute.push_back(std::move(one));
  }
  std::sort(compute.begin(), compute.end(), [](const auto& a, const auto& b) { return a.placement < b.placement; });
  if (!usual) made.compute = std::move(compute);
  return made;
}

Result<model::Layout> as_layout(const model::Inventory& inventory, SelectBy select) {
  for (const auto& gpu : inventory.gpus)
    if (!gpu.problem.empty()) return fail(ErrorKind::unknown, fmt::format("GPU {}", gpu.index.value), gpu.problem);
  model::Layout layout;
  auto groups = groups_of(inventory);
  const bool portable = select == SelectBy::portable;
  const bool products = portable && groups.size() > 1 && by_product(groups);
  for (auto& group : groups) {
    auto& selector = group.entry.selector;
    for (const auto* gpu : group.gpus) {
      if (portable && groups.size() == 1) continue;  // an empty selector selects all GPUs
      if (products) {
        if (std::find(selector.product.begin(), selector.product.end(), product_of(*gpu)) == selector.product.end())
          selector.product.push_back(product_of(*gpu));
      } else if (select == SelectBy::uuid) {
        selector.uuid.push_back(gpu->uuid);
      } else if (select == SelectBy::pci) {
        selector.pci.push_back(gpu->pci);
      } else {
        selector.index.push_back(gpu->index.value);
      }
    }
    layout.gpus.push_back(std::move(group.entry));
  }
  return layout;
}

}  // namespace gpuslice::plan
