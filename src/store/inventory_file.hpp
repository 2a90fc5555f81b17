// An inventory as a document, gpuslice.inventory/v1: what `gpuslice list --output inventory` saves and `plan --from`
// reads. It includes the capabilities of the GPUs, so that neither a driver nor the catalogue is needed to read it.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/inventory.hpp"

namespace gpuslice::store {

[[nodiscard]] std::string write_inventory(const model::Inventory& inventory);

// `source` names the document in errors (kind damaged), which also give the position in it.
[[nodiscard]] Result<model::Inventory> read_inventory(const std::string& text, const std::string& source);

}  // namespace gpuslice::store
