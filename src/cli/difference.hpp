// What differs between what stands and what is wanted, in lines with - and +.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "model/inventory.hpp"
#include "model/plan.hpp"

namespace gpuslice::cli {

// Empty when nothing differs. Names count: a wanted instance that stands under another name differs.
[[nodiscard]] std::string difference_text(const model::Inventory& inventory, const model::Plan& plan);
// [{"gpu": 0, "missing": […], "extra": […]}], without GPUs where nothing differs.
[[nodiscard]] nlohmann::ordered_json difference_json(const model::Inventory& inventory, const model::Plan& plan);

}  // namespace gpuslice::cli
