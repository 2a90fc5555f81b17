// An inventory as a document, gpuslice.inventory/v1: what `gpuslice list --output inventory` saves and `plan --from`
// reads, complete with what the GPUs can do, so that no driver and no catalogue is needed.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/inventory.hpp"

namespace gpuslice::store {

[[nodiscard]] std::string write_inventory(const model::Inventory& inventory);

// `source` names it in errors (kind damaged), which give the place in the document.
[[nodiscard]] Result<model::Inventory> read_inventory(const std::string& text, const std::string& source);

}  // namespace gpuslice::store
