// A change of a node as a transaction: planned, journalled, done step by step with a look before and after each, and
// taken back when something goes wrong.
//
// Nothing is believed but what is observed. Before every step the GPU is compared with what the plan expects, after it
// with what the step should have made; recovery compares it with what stood before and what should stand after. GPUs
// that are not in the plan are not touched.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/plan.hpp"
#include "node/port.hpp"
#include "ops/host.hpp"
#include "store/node_store.hpp"

namespace gpuslice::ops {

// What happens, as it happens: for progress on a terminal, plain lines, or JSON.
struct Event {
  enum class Kind {
    recovering,   // a change that was cut off is taken back; `text` says which
    step,         // begins
    step_done,    // `seconds`
    step_failed,  // `why`
    hook,         // a command runs
    ending,       // a client is ended
    taking_back,  // after a failure; `text` says which
    remainder,    // something could not be put back
    done,
  } kind{};
  std::optional<GpuIndex> gpu;
  std::size_t step{}, of{};  // from 1
  std::string text;          // of a step: what it does
  std::string why{};
  double seconds{};
};

struct ChangeOptions {
  std::string verb{"apply"};
  bool force{};                                // end clients that are in the way
  std::chrono::milliseconds timeout{120'000};  // of one call of the driver
  std::chrono::milliseconds grace{10'000};     // between SIGTERM and SIGKILL
  std::vector<std::string> stop_units;         // systemd units to stop before and start after
  std::vector<std::string> before, after;      // commands; `after` runs however it ends
};

struct Changed {
  model::Plan plan;
  bool recovered{};                    // a change that was cut off was ended first
  std::vector<model::Client> stopped;  // clients that were ended
  std::uint64_t number{};              // of the transaction; 0: nothing was to be done
};

// What a plan is made of: the node as observed, with the names that gpuslice gave.
using MakePlan = std::function<Result<model::Plan>(const model::Inventory& inventory)>;

// A node that can be changed, and where its store is. `node` is shared with the thread that waits for the driver: a
// driver that never answers keeps it.
struct Subject {
  std::shared_ptr<node::Node> node;
  store::NodeStore store;
  Host& host;
  std::function<void(const Event&)> tell;
};

// The node with its names; reads only. `cut_off`: a change that was cut off, when there is one. A store that cannot be
// read hides no GPU: `problems` says what is missing, and what to type.
struct Seen {
  model::Inventory inventory;
  std::optional<store::Transaction> cut_off;
  std::vector<Error> problems;
};
[[nodiscard]] Result<Seen> see(const Subject& subject);

// Whether a plan can be done as it stands: refused when it needs a reboot, or when it would stop clients and neither
// --force nor a hook says how they leave.
[[nodiscard]] Result<void> check_doable(const model::Plan& plan, const ChangeOptions& options);

// Recovers, plans, does it. Errors: refused (clients in the way, named), busy (another gpuslice), the planner's; after
// a failure everything was put back unless the error says "remains:".
[[nodiscard]] Result<Changed> change(const Subject& subject, const ChangeOptions& options, const MakePlan& make_plan);

// Ends a change that was cut off. `accept`: what cannot be put back stays, and the journal is closed.
struct Recovered {
  std::optional<store::Transaction> transaction;  // none: nothing was cut off
  bool forward{};                                 // all of it had been done: it counts as done
  std::vector<std::string> remainder;             // what could not be put back
};
[[nodiscard]] Result<Recovered> recover(const Subject& subject, const ChangeOptions& options, bool accept);

// The plan that takes back the newest change which was not undone yet; not_found when there is none.
struct Undo {
  std::uint64_t number{};
  model::Plan plan;
};
[[nodiscard]] Result<Undo> plan_undo(const model::Inventory& inventory, const std::vector<store::Transaction>& history);

// As `change`, with that plan. `show` is called with it before anything is done.
[[nodiscard]] Result<Changed> undo(const Subject& subject, const ChangeOptions& options,
                                   const std::function<void(const model::Inventory&, const Undo&)>& show);

}  // namespace gpuslice::ops
