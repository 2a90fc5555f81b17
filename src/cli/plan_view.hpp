// A plan as people and programs read it: text, JSON, and drawings of the slices before and after.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "model/inventory.hpp"
#include "model/plan.hpp"

namespace gpuslice::cli {

// Steps for each GPU, who has to leave, and what keeps running. Ends with a line end.
[[nodiscard]] std::string plan_text(const model::Inventory& inventory, const model::Plan& plan);

// One object: digest, cost, and for each GPU its steps and the instances before and after.
[[nodiscard]] nlohmann::ordered_json plan_json(const model::Inventory& inventory, const model::Plan& plan);

// The slices of each GPU before and after, in characters.
[[nodiscard]] std::string plan_drawing(const model::Inventory& inventory, const model::Plan& plan);
// The same as an SVG document.
[[nodiscard]] std::string plan_svg(const model::Inventory& inventory, const model::Plan& plan);

// The slices of one GPU on two lines: its GPU instances, and the compute instances in them.
[[nodiscard]] std::string slices_drawing(const mig::Capability& capability, const model::GpuState& state,
                                         const std::vector<model::NamedGi>& names,
                                         const std::vector<model::Client>& clients);

[[nodiscard]] nlohmann::ordered_json client_json(const model::Client& client);
// "process 4711 (python) of ada, 2048 MiB"
[[nodiscard]] std::string client_text(const model::Client& client);

}  // namespace gpuslice::cli
