// Differences between a node and a layout, or between two layouts, as they are printed: lines with - and +, and JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "ops/compare.hpp"
#include "report/schema.hpp"

namespace gpuslice::cli {

// "matches", "differs", "unknown"
[[nodiscard]] const char* word(ops::Match::Answer answer);

// Empty when nothing differs. `inventory` knows the GPUs that differ.
[[nodiscard]] std::string difference_text(const model::Inventory& inventory,
                                          const std::vector<ops::Difference>& differences);
// {"verdict": "differs", "reason": null, "differences": [...]}: an object for each instance, name or setting that
// differs. `node`: what --node says, for the hint of a reason.
[[nodiscard]] nlohmann::ordered_json match_json(const model::Inventory& inventory, const ops::Match& match,
                                                const std::string& node);
[[nodiscard]] report::schema::Json match_schema();

}  // namespace gpuslice::cli
