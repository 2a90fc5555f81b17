// Differences between a simulated node and a real one: views of its driver that are not reproduced, and unknown figures
// of its boards. They are listed when a node is created, so that nobody mistakes a gap for the hardware. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/product.hpp"

namespace gpuslice::simhost {

// One sentence for each nvidia-smi view that this driver prints differently from the simulated node;
// docs/nvidia-smi.md, Drivers, has the same list with its sources. Empty for a driver without known differences.
[[nodiscard]] std::vector<std::string> unreproduced_views(std::string_view driver);

// Names of the common figures that real boards have and that are unknown for this one: they are N/A on the node.
[[nodiscard]] std::vector<std::string> unknown_figures(const catalog::BoardFacts& board);

}  // namespace gpuslice::simhost
