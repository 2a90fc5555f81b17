// The node that a command is about.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "node/port.hpp"

namespace gpuslice::cli {

// `sim:NAME`, or the driver that answers here (`local` or empty). Inside a simulated node (GPUSLICE_SIM_NODE, or this
// program standing in one) empty means that node's library, and no other will do.
[[nodiscard]] Result<std::unique_ptr<node::Node>> open_node(const std::string& node);

// Before anything of a node is changed. A simulated node of another user may be read, by this program's own library,
// and not acted on (sim::check_owner). Errors: as open_node, permission.
[[nodiscard]] Result<void> check_may_act(const std::string& node);

// The directory of the simulated node that this process is in; empty outside of one.
[[nodiscard]] std::string node_inside();

}  // namespace gpuslice::cli
