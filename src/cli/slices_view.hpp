// The slices of GPUs as a picture: in characters for a terminal, as SVG for a page. GPU instances in use are marked at
// every width, and each picture has its legend.
#pragma once

#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/plan.hpp"

namespace gpuslice::cli {

// The slices of one GPU on two lines: its GPU instances, and the compute instances in them. `clients`: who is inside.
[[nodiscard]] std::string slices_drawing(const mig::Capability& capability, const model::GpuState& state,
                                         const std::vector<model::NamedGi>& names,
                                         const std::vector<model::Client>& clients);
// What the marks of such drawings mean, on a line of its own.
[[nodiscard]] std::string slices_legend();

// The slices of each GPU before and after, with the legend.
[[nodiscard]] std::string plan_drawing(const model::Inventory& inventory, const model::Plan& plan);
// The same as an SVG document. `note`: a line below the drawing; empty: none.
[[nodiscard]] std::string plan_svg(const model::Inventory& inventory, const model::Plan& plan, const std::string& note);

}  // namespace gpuslice::cli
