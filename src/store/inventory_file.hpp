// An inventory as a document, gpuslice.inventory/v1. `gpuslice list --output inventory` writes it, and `plan --from`
// reads it. It includes the capabilities of the GPUs, so reading it needs neither a driver nor the catalogue.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/inventory.hpp"

namespace gpuslice::store {

[[nodiscard]] std::string write_inventory(const model::Inventory& inventory);

// `source` names the document in errors (kind damaged), which also give the position in the document.
[[nodiscard]] Result<model::Inventory> read_inventory(const std::string& text, const std::string& source);

}  // namespace gpuslice::store
