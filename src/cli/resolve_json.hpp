// What JSON says of the devices that words name.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "ops/resolve.hpp"
#include "report/schema.hpp"

namespace gpuslice::cli {

// {"devices": [...], "missing": [...]}. `node`: for the commands that errors suggest.
[[nodiscard]] nlohmann::ordered_json resolved_json(const std::vector<ops::Resolved>& resolved, const std::string& node);
[[nodiscard]] report::schema::Json resolved_schema();

}  // namespace gpuslice::cli
