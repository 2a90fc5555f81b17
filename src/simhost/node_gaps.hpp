// Differences between a simulated node and a real one: views of its driver that are not reproduced, and unknown figures
// of its boards. They are listed when a node is created, so that users do not take them for the behaviour of hardware.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/product.hpp"

namespace gpuslice::simhost {

// One sentence for each nvidia-smi view that the simulated node prints in a different way from this driver;
// docs/nvidia-smi.md, Drivers, has the same list with its sources. Empty for a driver without known differences.
[[nodiscard]] std::vector<std::string> unreproduced_views(std::string_view driver);

// Names of the usual figures that are unknown for this board although real boards have them: the node shows N/A.
[[nodiscard]] std::vector<std::string> unknown_figures(const catalog::BoardFacts& board);

}  // namespace gpuslice::simhost
