// The node that a command is about.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "cli/node_choice.hpp"
#include "cli/program.hpp"
#include "node/port.hpp"
#include "ops/workers.hpp"

namespace gpuslice::cli {

// `sim:NAME`, or the driver that answers here (`local` or empty). Inside a simulated node (GPUSLICE_SIM_NODE, or this
// program standing in one) empty means that node's library, and no other will do.
[[nodiscard]] Result<std::unique_ptr<node::Node>> open_node(const NodeChoice& node);

// The same, handed to workers, which the command line keeps until the program ends. `simulated`: the directory of the
// simulated node behind the driver; empty for a real one. Errors: unknown too, when the driver does not answer within
// `timeout_s`.
struct OpenedNode {
  std::shared_ptr<ops::Workers> workers;
  std::string simulated;
};
inline constexpr double usual_timeout_s = 120;  // the switch of MIG mode of one GPU may take most of a minute
inline constexpr double reading_timeout_s =
    30;  // the first question to a driver that nobody keeps loaded takes seconds
// --timeout of a verb that only reads.
void add_reading_timeout(Verb verb, double& timeout_s);
[[nodiscard]] Result<OpenedNode> open_workers(const CommandLine& line, double timeout_s);

// Seconds that an option was given, more than 0 and at most a day. Errors: usage.
[[nodiscard]] Result<std::chrono::milliseconds> duration(const char* option, double seconds);

// Before anything of a node is changed. A simulated node of another user may be read, by this program's own library,
// and not acted on (sim::check_owner). Errors: as open_node, permission.
[[nodiscard]] Result<void> check_may_act(const NodeChoice& node);

// The directory of the simulated node that this process is in; empty outside of one.
[[nodiscard]] std::string node_inside();

}  // namespace gpuslice::cli
