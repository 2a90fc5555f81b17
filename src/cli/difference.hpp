// Prints the differences between a node and a layout, or between two layouts: as lines with - and +, and as JSON.
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

// Empty if nothing differs. `inventory` has the GPUs that the differences name.
[[nodiscard]] std::string difference_text(const model::Inventory& inventory,
                                          const std::vector<ops::Difference>& differences);
// {"verdict": "differs", "reason": null, "differences": [...]}, with one object for each differing instance, name or
// setting. `node`: the value of --node, for the hint of a reason.
[[nodiscard]] nlohmann::ordered_json match_json(const model::Inventory& inventory, const ops::Match& match,
                                                const std::string& node);
[[nodiscard]] report::schema::Json match_schema();

}  // namespace gpuslice::cli
