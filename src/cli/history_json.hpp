// Past changes as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "report/schema.hpp"
#include "store/transaction.hpp"

namespace gpuslice::cli {

// "done", "undone", "interrupted"
[[nodiscard]] const char* outcome_text(store::Outcome outcome);

// A list of changes, each with its steps and the state of each GPU before and after. Needs no GPU: profile names are
// those recorded with the change.
[[nodiscard]] nlohmann::ordered_json history_json(const std::vector<store::Transaction>& changes);
[[nodiscard]] report::schema::Json history_schema();

}  // namespace gpuslice::cli
