#include "plan/by_gpu.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "plan/resolve.hpp"

namespace gpuslice::plan {
namespace {

// Adds an error for each value of an entry's selector that selects no GPU.
class Absent {
 public:
  Absent(const model::GpuEntry& entry, const model::Inventory& inventory, std::vector<Error>& found)
      : entry_(entry), inventory_(inventory), found_(found) {}

  void look() {
    const auto before = found_.size();
    const auto& s = entry_.selector;
    each(s.index, &model::Selector::index, [](std::uint32_t index) { return fmt::format("GPU {}", index); });
    each(s.uuid, &model::Selector::uuid, [](const std::string& uuid) { return uuid; });
    each(s.pci, &model::Selector::pci, [](const std::string& pci) { return "GPU at " + pci; });
    each(s.product, &model::Selector::product, [](const std::string& product) { return "a GPU " + product; });
    // As plan::resolve: a filter on device ids may select none.
    if (found_.size() == before && s.pci_device_ids.empty() && selected_gpus(s, inventory_).empty())
      add(inventory_.gpus.empty() ? "the node" : "the selection",
          inventory_.gpus.empty() ? "has no GPU" : "no GPU here matches all of its selectors");
  }

 private:
  template <class Value, class Text>
  void each(const std::vector<Value>& values, std::vector<Value> model::Selector::* list, Text text) {
    for (const auto& value : values) {
      model::Selector one;
      (one.*list).push_back(value);
      if (selected_gpus(one, inventory_).empty()) add(text(value), "is not there");
    }
  }
  void add(std::string object, std::string what) {
    // Of a GPU that cannot be read only the index is known.
    std::string unread;
    for (const auto& gpu : inventory_.gpus)
      if (!gpu.problem.empty()) unread += fmt::format("{}{}", unread.empty() ? "" : ", ", gpu.index.value);
    if (unread.empty())
      found_.push_back(Error{ErrorKind::not_found, std::move(object), std::move(what), Hint::gpuslice({"list"})});
    else
      found_.push_back(Error{ErrorKind::unknown, std::move(object),
                             fmt::format("{}, unless it is GPU {}, which cannot be read", what, unread),
                             Hint::gpuslice({"list"})});
  }

  const model::GpuEntry& entry_;
  const model::Inventory& inventory_;
  std::vector<Error>& found_;
};

}  // namespace

ByGpu by_gpu(const model::Layout& layout, const model::Inventory& inventory) {
  ByGpu split;
  std::map<GpuIndex, std::vector<const model::GpuEntry*>> entries;
  for (const auto& entry : layout.gpus) {
    Absent(entry, inventory, split.absent).look();
    for (const auto* gpu : selected_gpus(entry.selector, inventory))
      if (!gpu->problem.empty() || !passes_over(entry, *gpu, inventory)) entries[gpu->index].push_back(&entry);
  }
  for (const auto& [index, mine] : entries) {
    if (mine.size() > 1 && !layout.later_wins) {
      split.gpus.push_back(
          {index, fail(ErrorKind::usage, mine[1]->origin.text(),
                       fmt::format("GPU {} is selected here and at {} too", index.value, mine[0]->origin.text()),
                       "select each GPU only once")});
      continue;
    }
    model::Layout one;
    one.origin = layout.origin;
    one.gpus.push_back(*mine.back());
    one.gpus.front().selector = {};
    one.gpus.front().selector.index.push_back(index.value);
    split.gpus.push_back({index, std::move(one)});
  }
  return split;
}

}  // namespace gpuslice::plan
