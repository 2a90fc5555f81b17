// The way from arguments to a session: the node opened, its system asked, the GPUs chosen, each with what nvidia-smi
// says when it fails.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "smi/session.hpp"

namespace gpuslice::smi {

// One run of the program: how to reach a node, where text goes, the clock.
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

  // The same session with its text going elsewhere.
  [[nodiscard]] Session into(std::ostream& out) {
    return {*node, out, environment, session.system, session.format, session.gpus};
  }

  std::unique_ptr<node::Node> node;
  Environment environment;
  Session session;
};

// A session without GPUs yet; otherwise the exit status, with its text written.
[[nodiscard]] std::expected<std::unique_ptr<Opened>, int> open_session(const Call& call);

// The answer to an -i without an item in it, and its exit status.
int refuse_empty_list(std::ostream& out);
// The answer where there is no GPU to show, and its exit status.
int answer_no_gpus(std::ostream& out);

// What becomes of GPUs that cannot be reached: views leave them out and say so, but -L, -B and topo (recorded).
enum class Unreachable { left_out, kept };

// The GPUs that `ids` names (-i as typed; absent: all) come into the session, without those that cannot be reached,
// which `err` is told of; otherwise the exit status.
[[nodiscard]] std::expected<void, int> choose_gpus(Session& session, const std::optional<std::string>& ids,
                                                   std::ostream& err, Unreachable unreachable = Unreachable::left_out);

// Both, for a view that shows nothing where there is no GPU.
[[nodiscard]] std::expected<std::unique_ptr<Opened>, int> open_with_gpus(
    const Call& call, const std::optional<std::string>& ids, Unreachable unreachable = Unreachable::left_out);

}  // namespace gpuslice::smi
