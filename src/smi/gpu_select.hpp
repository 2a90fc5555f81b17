// The option -i: the GPUs to which a command applies.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::smi {

// The items of a comma-separated list. Empty items are skipped, as in nvidia-smi (`name,` is one item).
[[nodiscard]] std::vector<std::string> split_list(const std::string& text);

// The GPUs that `ids` names by index, UUID or PCI address (all if it is absent), each once and in the driver's order,
// whatever the order of the list. Items that name no GPU are ignored, as in nvidia-smi, so the result may be empty.
[[nodiscard]] node::Answer<std::vector<GpuIndex>> select_gpus(node::Node& node, const std::optional<std::string>& ids);

// nvidia-smi's message for an item that looks like a PCI address but is not valid, without a line end.
[[nodiscard]] std::optional<std::string> bus_id_problem(const std::string& item);

}  // namespace gpuslice::smi
