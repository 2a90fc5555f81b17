// `gpuslice smi`, and the program under the name nvidia-smi: the work-alike on the driver that answers here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "node/port.hpp"

namespace gpuslice::cli {

// The node that a command is about: `sim:NAME`, or the driver that answers here (`local` or empty). Inside a simulated node
// (GPUSLICE_SIM_NODE, or this program standing in one) only that node's library will do.
[[nodiscard]] Result<std::unique_ptr<node::Node>> open_node(const std::string& node);

// Runs `nvidia-smi ARGUMENTS`; the exit status.
int run_smi(const std::string& node, const std::vector<std::string>& arguments);

}  // namespace gpuslice::cli
