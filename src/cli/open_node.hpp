// Opens the node that a command acts on.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "cli/node_choice.hpp"
#include "cli/program.hpp"
#include "node/port.hpp"
#include "ops/workers.hpp"

namespace gpuslice::cli {

// `sim:NAME`, or the driver of this host (`local` or empty). Inside a simulated node (GPUSLICE_SIM_NODE is set, or this
// program is one of a node), empty means that node's library, and no other is accepted.
[[nodiscard]] Result<std::unique_ptr<node::Node>> open_node(const NodeChoice& node);

// The same, owned by workers that the command line keeps until the program ends. `simulated`: the directory of the
// simulated node behind the driver; empty for a real one. Errors: also unknown, if the driver does not answer within
// `timeout_s` seconds.
struct OpenedNode {
  std::shared_ptr<ops::Workers> workers;
  std::string simulated;
};
inline constexpr double usual_timeout_s = 120;  // switching MIG mode of one GPU may take most of a minute
inline constexpr double reading_timeout_s =
    30;  // without persistence mode, the first call loads the driver, which takes seconds
// The option --timeout of a command that only reads.
void add_reading_timeout(Verb verb, double& timeout_s);
[[nodiscard]] Result<OpenedNode> open_workers(const CommandLine& line, double timeout_s);

// The seconds given to an option: more than 0, at most one day. Errors: usage.
[[nodiscard]] Result<std::chrono::milliseconds> duration(const char* option, double seconds);

// To be called before a node is changed. A simulated node of another user may only be read, through this program's own
// library (sim::check_owner). Errors: as open_node, and permission.
[[nodiscard]] Result<void> check_may_act(const NodeChoice& node);

// The directory of the chosen simulated node; empty: the driver of this machine. Errors: usage, not_found.
[[nodiscard]] Result<std::string> chosen_simulated_node(const NodeChoice& choice);

// The directory of the simulated node that this process runs in; empty outside of one.
[[nodiscard]] std::string node_inside();

}  // namespace gpuslice::cli
