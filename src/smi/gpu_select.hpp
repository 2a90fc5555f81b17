// -i: which GPUs a command is about.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "node/port.hpp"

namespace gpuslice::smi {

// The items of a comma separated list; empty ones are no items (`name,` is one item, recorded).
[[nodiscard]] std::vector<std::string> split_list(const std::string& text);

// The GPUs that `ids` (indices, UUIDs, PCI addresses; absent: all) names, each once and in the driver's order, whatever
// the order of the list (recorded). Items that name no GPU are passed over (recorded); the answer may be empty.
[[nodiscard]] node::Answer<std::vector<GpuIndex>> select_gpus(node::Node& node, const std::optional<std::string>& ids);

// What nvidia-smi says of an item that looks like a PCI address and is none, without a line end.
[[nodiscard]] std::optional<std::string> bus_id_problem(const std::string& item);

}  // namespace gpuslice::smi
