// A plan as text for people and as JSON. Drawings are in cli/slices_view.hpp.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "model/inventory.hpp"
#include "model/plan.hpp"
#include "ops/verdict.hpp"
#include "report/schema.hpp"

namespace gpuslice::cli {

// The steps on each GPU, the processes that will be stopped, and what keeps running. Ends with a line end.
[[nodiscard]] std::string plan_text(const model::Inventory& inventory, const model::Plan& plan);

// One object: digest, verdict, cost, and for each GPU its steps and the instances before and after them.
[[nodiscard]] nlohmann::ordered_json plan_json(const model::Inventory& inventory, const model::Plan& plan,
                                               const ops::Verdict& verdict);
[[nodiscard]] report::schema::Json plan_schema();
// The keys of that object except "event".
[[nodiscard]] std::vector<report::schema::Property> plan_properties();

// "process 4711 (python) of ada, 2048 MiB"
[[nodiscard]] std::string client_text(const model::Client& client);

}  // namespace gpuslice::cli
