// Which GPUs and instances of a node a caller means: by index, UUID, PCI address, name or path. Pure, but for
// select_node_gpus.
//
// What is selected points into the inventory that it was selected from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "node/port.hpp"

namespace gpuslice::ops {

using SelectedGpus = std::vector<const model::Gpu*>;

// GPUs by index, UUID or PCI address, or "all"; in the order of the inventory, each once. Errors: not_found, and
// unknown for one that cannot be read.
[[nodiscard]] Result<SelectedGpus> select_gpus(const model::Inventory& inventory,
                                               const std::vector<std::string>& words);

// The same, except that "all" leaves out GPUs without MIG when any GPU has it: a display card beside them does not
// matter.
[[nodiscard]] Result<SelectedGpus> select_mig_gpus(const model::Inventory& inventory,
                                                   const std::vector<std::string>& words);

// GPUs of a node of which no inventory was read: by index, UUID or PCI address, or "all" (also when there are no
// words); ascending, each once. Errors: not_found or usage, whose object is the word, and unknown when the driver does
// not say how many GPUs there are.
[[nodiscard]] Result<std::vector<GpuIndex>> select_node_gpus(node::Node& node, const std::vector<std::string>& words);

struct SelectedInstance {
  const model::Gpu* gpu{};
  mig::GiId gi{};
  std::optional<mig::CiId> ci;  // absent: the GPU instance with all that is in it
};

// An instance by the name that gpuslice gave it ("train", "train/a"), as GPU:GI or GPU:GI/CI, or by the UUID of a MIG
// device (its compute instance). Errors: not_found, usage when several have that name, and unknown when the GPU cannot
// be read.
[[nodiscard]] Result<SelectedInstance> select_instance(const model::Inventory& inventory, const std::string& word);
[[nodiscard]] Result<std::vector<SelectedInstance>> select_instances(const model::Inventory& inventory,
                                                                     const std::vector<std::string>& words);

}  // namespace gpuslice::ops
