// From arguments to a session: opens the node, reads its system information and selects GPUs. Prints nvidia-smi's
// message for each step that fails.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "smi/session.hpp"

namespace gpuslice::smi {

// One run of the program: how to open a node, where output goes, and the clock.
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

  // The same session with its output going to `out`.
  [[nodiscard]] Session into(std::ostream& out) {
    return {*node, out, environment, session.system, session.format, session.gpus};
  }

  std::unique_ptr<node::Node> node;
  Environment environment;
  Session session;
};

// A session without GPUs yet. On failure, prints the message and returns the exit status.
[[nodiscard]] std::expected<std::unique_ptr<Opened>, int> open_session(const Call& call);

// Prints the answer to an -i without any item; returns the exit status.
int refuse_empty_list(std::ostream& out);
// Prints the answer if there are no GPUs to show; returns the exit status.
int answer_no_gpus(std::ostream& out);

// What to do with GPUs that cannot be reached. Views leave them out and report them, except -L, -B and topo.
enum class Unreachable { left_out, kept };

// Adds the GPUs that `ids` names (the value of -i; if absent, all) to the session, without those that cannot be
// reached, which are reported on `err`. On failure returns the exit status.
[[nodiscard]] std::expected<void, int> choose_gpus(Session& session, const std::optional<std::string>& ids,
                                                   std::ostream& err, Unreachable unreachable = Unreachable::left_out);

// Does both, for a view that shows nothing if there are no GPUs.
[[nodiscard]] std::expected<std::unique_ptr<Opened>, int> open_with_gpus(
    const Call& call, const std::optional<std::string>& ids, Unreachable unreachable = Unreachable::left_out);

}  // namespace gpuslice::smi
