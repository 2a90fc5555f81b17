// Drawings of the slices of GPUs: in characters for a terminal, as SVG for a page. GPU instances in use are marked at
// any width, and each drawing has a legend.
#pragma once

#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/plan.hpp"

namespace gpuslice::cli {

// The slices of one GPU on two lines: its GPU instances, and their compute instances. `clients`: the processes in them.
[[nodiscard]] std::string slices_drawing(const mig::Capability& capability, const model::GpuState& state,
                                         const std::vector<model::NamedGi>& names,
                                         const std::vector<model::Client>& clients);
// The legend of such drawings, on one line.
[[nodiscard]] std::string slices_legend();

// The slices of each GPU before and after, with the legend.
[[nodiscard]] std::string plan_drawing(const model::Inventory& inventory, const model::Plan& plan);
// The same as an SVG document. `note`: a line below the drawing; none if empty.
[[nodiscard]] std::string plan_svg(const model::Inventory& inventory, const model::Plan& plan, const std::string& note);

}  // namespace gpuslice::cli
