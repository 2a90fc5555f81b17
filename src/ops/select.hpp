// Selects GPUs and instances of a node by index, UUID, PCI address, name or path. Pure, except select_node_gpus.
//
// Results point into the inventory that was passed in, which must outlive them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "node/port.hpp"

namespace gpuslice::ops {

using SelectedGpus = std::vector<const model::Gpu*>;

// Selects GPUs by index, UUID or PCI address, or "all"; in the order of the inventory, each once. Errors: not_found,
// and unknown for a GPU that cannot be read.
[[nodiscard]] Result<SelectedGpus> select_gpus(const model::Inventory& inventory,
                                               const std::vector<std::string>& words);

// The same, except that "all" skips GPUs without MIG, for example a display card, if at least one GPU supports it.
[[nodiscard]] Result<SelectedGpus> select_mig_gpus(const model::Inventory& inventory,
                                                   const std::vector<std::string>& words);

// Selects GPUs without an inventory: by index, UUID or PCI address, or "all" (also when `words` is empty). The result
// is ascending, each GPU once. Errors: not_found or usage, whose object is the word, and unknown when the driver does
// not report the number of GPUs.
[[nodiscard]] Result<std::vector<GpuIndex>> select_node_gpus(node::Node& node, const std::vector<std::string>& words);

struct SelectedInstance {
  const model::Gpu* gpu{};
  mig::GiId gi{};
  std::optional<mig::CiId> ci;  // absent: the GPU instance with its compute instances
};

// An instance by the name that gpuslice gave it ("train", "train/a"), as GPU:GI or GPU:GI/CI, or by the UUID of a MIG
// device (its compute instance). Errors: not_found, usage when several have that name, and unknown when the GPU cannot
// be read.
[[nodiscard]] Result<SelectedInstance> select_instance(const model::Inventory& inventory, const std::string& word);
[[nodiscard]] Result<std::vector<SelectedInstance>> select_instances(const model::Inventory& inventory,
                                                                     const std::vector<std::string>& words);

}  // namespace gpuslice::ops
