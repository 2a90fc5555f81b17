// Differences between a node and a layout, or between two layouts, as they are printed: lines with - and +, and JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "ops/compare.hpp"

namespace gpuslice::cli {

// Empty when nothing differs. `inventory` knows the GPUs that differ.
[[nodiscard]] std::string difference_text(const model::Inventory& inventory,
                                          const std::vector<ops::Difference>& differences);
// [{"gpu": 0, "uuid": "GPU-…", "extra": […], "missing": […]}], without GPUs where nothing differs.
[[nodiscard]] nlohmann::ordered_json difference_json(const model::Inventory& inventory,
                                                     const std::vector<ops::Difference>& differences);

}  // namespace gpuslice::cli
