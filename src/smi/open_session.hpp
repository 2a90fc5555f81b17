// Creates a session from the arguments: opens the node, reads its system information and selects GPUs. If a step fails,
// it prints nvidia-smi's message for that.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "smi/session.hpp"

namespace gpuslice::smi {

// The context of one run of the program: how to open a node, where output goes, and the clock.
struct Call {
  const NodeFactory& open;
  std::ostream& out;
  std::ostream& err;
  const Environment& environment;
};

struct Opened {
  Opened(std::unique_ptr<node::Node> opened, const Environment& at, std::ostream& out, node::SystemInfo system);
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() = default;

  // The same session, but its output goes to `out`.
  [[nodiscard]] Session into(std::ostream& out) {
    return {*node, out, environment, session.system, session.format, session.gpus};
  }

  std::unique_ptr<node::Node> node;
  Environment environment;
  Session session;
};

// Opens a session that has no GPUs yet. On failure, it prints the message and returns the exit status.
[[nodiscard]] std::expected<std::unique_ptr<Opened>, int> open_session(const Call& call);

// Prints nvidia-smi's answer to an -i without any item; returns the exit status.
int refuse_empty_list(std::ostream& out);
// Prints nvidia-smi's answer if there are no GPUs to show; returns the exit status.
int answer_no_gpus(std::ostream& out);

// How to handle GPUs that cannot be reached. Views leave them out and report them, except for -L, -B and topo.
enum class Unreachable { left_out, kept };

// Adds the GPUs that `ids` (the value of -i) names to the session, or all if it is absent. GPUs that cannot be reached
// are left out and reported on `err`. On failure it returns the exit status.
[[nodiscard]] std::expected<void, int> choose_gpus(Session& session, const std::optional<std::string>& ids,
                                                   std::ostream& err, Unreachable unreachable = Unreachable::left_out);

// Opens a session and adds its GPUs, for a view that shows nothing if there are none.
[[nodiscard]] std::expected<std::unique_ptr<Opened>, int> open_with_gpus(
    const Call& call, const std::optional<std::string>& ids, Unreachable unreachable = Unreachable::left_out);

}  // namespace gpuslice::smi
