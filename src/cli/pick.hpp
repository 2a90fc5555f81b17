// Words that pick GPUs and instances of a node.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "node/port.hpp"

namespace gpuslice::cli {

// GPUs by index, UUID or PCI address, or "all"; in the order of the inventory, each once. Errors: not_found, and
// unknown for one that cannot be read.
[[nodiscard]] Result<std::vector<const model::Gpu*>> pick_gpus(const model::Inventory& inventory,
                                                               const std::vector<std::string>& words);

// The same, of which "all" are those that have MIG, when any has: a display card beside them does not matter.
[[nodiscard]] Result<std::vector<const model::Gpu*>> pick_mig_gpus(const model::Inventory& inventory,
                                                                   const std::vector<std::string>& words);

// Of a node that is not read for it: by index, UUID or PCI address, or "all" (also when there are no words); ascending,
// each once. Errors: not_found.
[[nodiscard]] Result<std::vector<GpuIndex>> pick_node_gpus(node::Node& node, const std::vector<std::string>& words);

struct Picked {
  const model::Gpu* gpu{};
  mig::GiId gi{};
  std::optional<mig::CiId> ci;  // absent: the GPU instance with all that is in it
};
// An instance by the name gpuslice gave it ("train", "train/a"), as GPU:GI or GPU:GI/CI, or a MIG device's UUID (its
// compute instance).
[[nodiscard]] Result<Picked> pick_instance(const model::Inventory& inventory, const std::string& word);

}  // namespace gpuslice::cli
