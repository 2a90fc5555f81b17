// A change of a node as a transaction: planned, journalled, done step by step with a look before and after each, and
// taken back when something goes wrong.
//
// Nothing is believed but what is observed. Before every step the GPU is compared with what the plan expects, after it
// with what the step should have made; recovery compares it with what stood before and what should stand after. GPUs
// that are not in the plan are not touched.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/plan.hpp"
#include "ops/effects.hpp"
#include "ops/failure.hpp"
#include "ops/host.hpp"
#include "ops/observe.hpp"
#include "ops/recovery.hpp"
#include "ops/under_way.hpp"
#include "ops/workers.hpp"
#include "store/node_store.hpp"

namespace gpuslice::ops {

// What happens, as it happens: for progress on a terminal, plain lines, or JSON.
struct Event {
  enum class Kind {
    recovering,   // an interrupted change is rolled back; `text` says which
    completing,   // an interrupted change had been done: it is recorded; `text` says which
    step,         // begins
    step_done,    // `seconds`
    step_failed,  // `why`
    hook,         // a command runs
    ending,       // a client is ended
    taking_back,  // after a failure; `text` says which
    remainder,    // something could not be put back
    note,         // what the user should know besides
    done,
    waiting,  // for another gpuslice that is changing the node; `text` says which
  } kind{};
  std::optional<GpuIndex> gpu;
  std::size_t step{}, of{};  // from 1
  std::string text;          // of a step: what it does
  std::string why{};
  double seconds{};
  // What `text` says, as values. The pointers are valid during the call.
  const model::Step* action{};              // of a step
  const mig::Capability* capability{};      // of its GPU
  Effects effects{};                        // of step_done
  const store::Transaction* interrupted{};  // of recovering and completing
  const model::Client* client{};            // of ending
  bool kill{};                              // of ending: by SIGKILL
  std::optional<Remainder> remains{};       // of remainder
};

struct ChangeOptions {
  std::string verb{"apply"};
  bool force{};                                // end clients that are in the way
  std::chrono::milliseconds timeout{120'000};  // of one step, with the looks before and after it
  std::chrono::milliseconds grace{10'000};     // between SIGTERM and SIGKILL
  std::vector<std::string> stop_units;         // systemd units to stop before and start after
  std::vector<std::string> before, after;      // commands; `after` runs however it ends
  std::stop_token stop;                        // a stop request ends it before its next step, and takes it back
  std::stop_token leave;  // asked too, it does not take it back either: the journal stays for the next recovery
  std::chrono::milliseconds wait{};  // for another gpuslice that is changing the node; 0: refuse
  static constexpr std::chrono::milliseconds without_end = std::chrono::milliseconds::max();
  // Asked with the plan before anything is done, unless nothing is to be done; none: yes. False declines the plan,
  // unless `stop` is requested by then.
  std::function<bool(const model::Plan&)> confirm{};
};

// What ended an interrupted change.
struct Recovered {
  std::optional<store::Transaction> transaction;  // none: nothing was cut off
  bool forward{};                                 // all of it had been done: it counts as done
  std::vector<Remainder> remains;                 // what could not be put back
  Effects effects{};                              // of putting it back
};

struct Changed {
  model::Plan plan;
  Recovered recovered;                 // an interrupted change that was ended first
  std::vector<model::Client> stopped;  // clients that were ended
  std::uint64_t number{};              // of the transaction; 0: nothing was to be done
  Effects effects{};
};

// What a plan is made of: the node as observed, with the names that gpuslice gave.
using MakePlan = std::function<Result<model::Plan>(const model::Inventory& inventory)>;

// A node that can be changed, and where its store is.
struct Subject {
  std::shared_ptr<Workers> workers;
  store::NodeStore store;
  Host& host;
  std::function<void(const Event&)> tell;
  std::string simulated{};  // name of the simulated node as seen from outside of it; empty: a driver of this machine,
                            // or the node that this process is inside of
  bool real{};              // the driver of real GPUs
  std::string root{};       // where the driver's files in /proc are: a simulated node's directory; empty: this host
};

// The node with its names; reads only. `cut_off`: a change that was cut off, when there is one. A store that cannot be
// read hides no GPU: `problems` says what is missing, and what to type.
struct Seen {
  model::Inventory inventory;
  std::optional<store::Transaction> cut_off;
  std::vector<Error> problems;
  std::optional<UnderWay> changing{};  // what another process is doing to it
};
[[nodiscard]] Result<Seen> see(const Subject& subject, Ask ask = Ask::all);

// Where a change begins: the node as it is, the recovery that a change does first, and the node after that. Reads only.
// busy: another gpuslice is changing the node.
struct Start {
  model::Inventory now;
  std::optional<Recovery> recovery;
  model::Inventory after_recovery;  // to plan from
  std::vector<store::Transaction> history;
  std::vector<Error> problems;  // files of the store that cannot be read: a change would stop there
};
[[nodiscard]] Result<Start> foresee(const Subject& subject);
// The same, as long as it is busy and `options` ask to wait.
[[nodiscard]] Result<Start> foresee(const Subject& subject, const ChangeOptions& options);

// The right to change the node, waited for where `options` say so.
[[nodiscard]] std::expected<store::Lock, Failure> locked(const Subject& subject, const ChangeOptions& options);

// Whether the options say how clients that are in the way end.
[[nodiscard]] bool drains(const ChangeOptions& options);
// Options that can be told to be wrong without a node.
[[nodiscard]] std::expected<void, Failure> check_options(const ChangeOptions& options);
// Whether a plan can be done as it stands: not when it needs a reboot, or when it would stop clients and neither
// `force` nor a hook says how they leave.
[[nodiscard]] std::expected<void, Failure> check_doable(const Subject& subject, const model::Plan& plan,
                                                        const ChangeOptions& options);

// Recovers, plans, does it.
[[nodiscard]] std::expected<Changed, Failure> change(const Subject& subject, const ChangeOptions& options,
                                                     const MakePlan& make_plan);

// Ends a change that was cut off. `accept`: what cannot be put back stays, and the journal is closed.
[[nodiscard]] Result<Recovered> recover(const Subject& subject, const ChangeOptions& options, bool accept);

// The plan that takes back the newest change which was not undone yet; not_found when there is none.
struct Undo {
  std::uint64_t number{};
  model::Plan plan;
};
[[nodiscard]] Result<Undo> plan_undo(const model::Inventory& inventory, const std::vector<store::Transaction>& history);

// As `change`, with that plan. `show` is called with it before anything is done; not at all when an interrupted change
// was ended and that is the undo (undo_ends_with).
[[nodiscard]] std::expected<Changed, Failure> undo(
    const Subject& subject, const ChangeOptions& options,
    const std::function<void(const model::Inventory&, const Undo&)>& show);

}  // namespace gpuslice::ops
