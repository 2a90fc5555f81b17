// A change of a node as a transaction: it is planned, recorded in a journal, executed step by step, and rolled back
// when a step fails.
//
// Only what the GPUs report is trusted. Each GPU is read before and after every step and compared with the state that
// the plan expects; recovery compares it with the recorded states before and after the change. GPUs that are not in the
// plan are not touched.
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
#include "handover/cdi.hpp"
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

// The progress of a change, reported as it happens: for a terminal, plain lines, or JSON.
struct Event {
  enum class Kind {
    recovering,   // an interrupted change is rolled back; `text` says which
    completing,   // an interrupted change was complete on the GPUs and is recorded; `text` says which
    step,         // starts
    step_done,    // `seconds`
    step_failed,  // `why`
    hook,         // a command runs
    ending,       // a client is stopped
    taking_back,  // the change is rolled back after a failure; `text` says which
    remainder,    // something could not be rolled back
    note,         // other information for the user
    done,
    waiting,  // for another gpuslice that is changing the node; `text` says which
  } kind{};
  std::optional<GpuIndex> gpu;
  std::size_t step{}, of{};  // from 1
  std::string text;          // of a step: its description
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
  std::optional<store::Holder> holder{};    // of waiting: who is changing the node; none: not known
};

struct ChangeOptions {
  std::string verb{"apply"};
  bool force{};                                // stop clients that block the change
  std::chrono::milliseconds timeout{120'000};  // of one step, with the reads before and after it
  std::chrono::milliseconds grace{10'000};     // between SIGTERM and SIGKILL
  std::vector<std::string> stop_units;         // systemd units to stop before the change and start after it
  std::vector<std::string> before, after;      // commands; `after` runs whether or not the change succeeds
  std::stop_token stop;              // on a stop request, the change ends before its next step and is rolled back
  std::stop_token leave;             // on a second one, the rollback ends too: the journal stays for the next recovery
  std::chrono::milliseconds wait{};  // how long to wait for another gpuslice; 0: refuse
  static constexpr std::chrono::milliseconds without_end = std::chrono::milliseconds::max();
  // Called with the plan before anything is done, unless there is nothing to do; if empty, the plan is accepted. False
  // declines the plan, except if `stop` has been requested by then.
  std::function<bool(const model::Plan&)> confirm{};
};

// The result of a recovery.
struct Recovered {
  std::optional<store::Transaction> transaction;  // none: no change was interrupted
  bool forward{};                                 // it was complete on the GPUs, and is now recorded as done
  std::vector<Remainder> remains;                 // what could not be rolled back
  Effects effects{};                              // of the rollback
};

struct Changed {
  model::Plan plan;
  Recovered recovered;                 // an interrupted change that was recovered first
  std::vector<model::Client> stopped;  // clients that were stopped
  std::uint64_t number{};              // of the transaction; 0: there was nothing to do
  Effects effects{};
};

// Computes a plan from the observed node; the inventory contains the names that gpuslice gave.
using MakePlan = std::function<Result<model::Plan>(const model::Inventory& inventory)>;

// A node that can be changed, with its store.
struct Subject {
  std::shared_ptr<Workers> workers;
  store::NodeStore store;
  Host& host;
  std::function<void(const Event&)> tell;
  std::string simulated{};  // name of the simulated node, as seen from outside it. Empty: the driver of this machine,
                            // or the node that this process runs in
  bool real{};              // the driver of real GPUs
  SettingsOf settings_of{};  // the GPUs whose settings a plan depends on
  std::string directory{};  // of the simulated node behind the driver; empty: real GPUs
  handover::Common simulated_driver{};  // what a container needs in place of the files of a driver, of a simulated node
};

// The node with its names; reads only. `cut_off`: an interrupted change, if there is one. If files of the store cannot
// be read, the GPUs are returned nevertheless: `problems` says what is missing, and what to type.
struct Seen {
  model::Inventory inventory;
  std::optional<store::Transaction> cut_off;
  std::vector<Error> problems;
  std::optional<UnderWay> changing{};  // a change by another process
};
[[nodiscard]] Result<Seen> see(const Subject& subject, Ask ask = Ask::all);

// The starting point of a change: the current node, the recovery that has to come first, and the node after it. Reads
// only. Errors: busy when another gpuslice is changing the node.
struct Start {
  model::Inventory now;
  std::optional<Recovery> recovery;
  model::Inventory after_recovery;  // to plan from
  std::vector<store::Transaction> history;
  std::vector<Error> problems;  // files of the store that cannot be read; a change would fail on them
};
[[nodiscard]] Result<Start> foresee(const Subject& subject);
// The same, waiting while another gpuslice is changing the node if `options` ask for that.
[[nodiscard]] Result<Start> foresee(const Subject& subject, const ChangeOptions& options);

// Acquires the right to change the node, waiting for it if `options` ask for that.
[[nodiscard]] std::expected<store::Lock, Failure> locked(const Subject& subject, const ChangeOptions& options);

// Whether the options give a way to stop clients that block the change.
[[nodiscard]] bool drains(const ChangeOptions& options);
// Checks of the options that need no node.
[[nodiscard]] std::expected<void, Failure> check_options(const ChangeOptions& options);
// Whether a plan can be executed now. Refused when it needs a reboot, or when it would stop clients and the options
// give no way to stop them (drains).
[[nodiscard]] std::expected<void, Failure> check_doable(const Subject& subject, const model::Plan& plan,
                                                        const ChangeOptions& options);

// Recovers an interrupted change if there is one, computes the plan, and executes it.
[[nodiscard]] std::expected<Changed, Failure> change(const Subject& subject, const ChangeOptions& options,
                                                     const MakePlan& make_plan);

// Recovers an interrupted change. `accept`: closes the journal even if something cannot be rolled back, and keeps the
// current state.
[[nodiscard]] Result<Recovered> recover(const Subject& subject, const ChangeOptions& options, bool accept);

// The plan that reverts the newest change that was not undone yet. Errors: not_found when there is none.
struct Undo {
  std::uint64_t number{};
  model::Plan plan;
};
[[nodiscard]] Result<Undo> plan_undo(const model::Inventory& inventory, const std::vector<store::Transaction>& history);

// Like `change`, with that plan. `show` is called with the plan before anything is changed. It is not called when
// recovering an interrupted change is already the undo (undo_ends_with).
[[nodiscard]] std::expected<Changed, Failure> undo(
    const Subject& subject, const ChangeOptions& options,
    const std::function<void(const model::Inventory&, const Undo&)>& show);

}  // namespace gpuslice::ops
