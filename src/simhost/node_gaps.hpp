// What a simulated node does not show as a real one would: views of its driver that are not reproduced, and figures of
// its boards that nobody has shown. Said when a node is made, so that nobody takes a gap for the hardware. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/product.hpp"

namespace gpuslice::simhost {

// One sentence for each view of nvidia-smi that this driver prints otherwise than the simulated node does;
// docs/nvidia-smi.md, Drivers, has the same list with its sources. Empty for a driver without known differences.
[[nodiscard]] std::vector<std::string> unreproduced_views(std::string_view driver);

// Names of the common figures that real boards have and that are not known of this one: they are N/A on the node.
[[nodiscard]] std::vector<std::string> unknown_figures(const catalog::BoardFacts& board);

}  // namespace gpuslice::simhost
