#include "ops/change.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/user_name.hpp"
#include "ops/audit_text.hpp"
#include "ops/cdi.hpp"
#include "ops/drain.hpp"
#include "ops/instance_path.hpp"
#include "ops/lock_wait.hpp"
#include "ops/observe.hpp"
#include "ops/recovery.hpp"
#include "ops/stepper.hpp"
#include "plan/gpu_planner.hpp"
#include "plan/keep.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::ops {
namespace {

using store::GpuRecord;
using store::Transaction;

void audit(const Subject& subject, const Transaction& t, const std::string& result,
           const std::vector<model::Client>& stopped = {}) {
  nlohmann::ordered_json line = {{"time", subject.host.now()},
                                 {"user", subject.host.user()},
                                 {"verb", t.verb},
                                 {"number", t.number},
                                 {"result", result}};
  for (const auto& gpu : t.gpus) line["gpus"].push_back({{"index", gpu.index.value}, {"uuid", gpu.uuid}});
  for (const auto& client : stopped)
    line["stopped"].push_back({{"pid", client.pid}, {"user", client.user}, {"command", client.command}});
  // A failed audit entry neither fails nor undoes the change; a note says that it is missing.
  const auto written = subject.store.audit(line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  if (!written)
    tell(subject, Event::Kind::note, fmt::format("not recorded in the audit log: {}", written.error().message()));
}

bool is_unit_name(const std::string& word) {
  return !word.empty() && word[0] != '-' && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '@' || c == '.' || c == '_' || c == ':' || c == '-' || c == '\\';
  });
}

// Whether a GPU of the change has not answered.
bool is_hung(const Subject& subject, const Transaction& t) {
  return std::ranges::any_of(t.gpus, [&](const auto& record) { return subject.workers->hung(record.index); });
}

Failure interrupted_at(GpuIndex gpu) {
  return {Cause::interrupted, Error{ErrorKind::io, gpu_text(gpu), "interrupted before the change was complete", ""}};
}

// The instances that a step destroys, with their device nodes, which cannot be read afterwards.
std::vector<Instance> before_destroying(const Subject& subject, const model::Gpu& gpu, const model::Step& step) {
  const auto* gi = std::get_if<model::DestroyGi>(&step.action);
  const auto* ci = std::get_if<model::DestroyCi>(&step.action);
  if (gi == nullptr && ci == nullptr && !step.is<model::Reset>()) return {};
  auto doomed = instances_of(gpu);
  std::erase_if(doomed, [&](const Instance& one) {
    return (gi != nullptr && one.gi_seat != gi->seat) || (ci != nullptr && one.ci_seat != ci->seat);
  });
  read_device_nodes(*subject.workers, doomed);
  return doomed;
}

// The effects of a completed step.
Effects effects_of(const Subject& subject, const model::Gpu& before, const model::Gpu& after, const model::Step& step,
                   const std::vector<Instance>& doomed) {
  auto effects = effects_between(before, after, step.name);
  read_device_nodes(*subject.workers, effects.created);
  for (auto& gone : effects.destroyed)
    for (const auto& known : doomed)
      if (known.gi == gone.gi && known.ci == gone.ci) gone.nodes = known.nodes;
  return effects;
}

std::expected<void, Failure> do_gpu(const Subject& subject, const ChangeOptions& options, model::Gpu gpu,
                                    const std::vector<model::Step>& steps, std::size_t& number, std::size_t count,
                                    bool stoppable, Effects& effects) {
  for (const auto& step : steps) {
    if (stoppable && options.stop.stop_requested()) return std::unexpected(interrupted_at(gpu.index));
    if (!stoppable && options.leave.stop_requested())
      return std::unexpected(
          Failure(Cause::interrupted, Error{ErrorKind::io, gpu_text(gpu.index), "the rollback was interrupted", ""}));
    ++number;
    const auto before = gpu;
    const auto doomed = before_destroying(subject, gpu, step);
    Event event;
    event.kind = Event::Kind::step;
    event.action = &step;
    event.capability = &before.capability;
    event.gpu = gpu.index;
    event.step = number;
    event.of = count;
    event.text = plan::step_text(gpu.capability, step) + (step.name.empty() ? "" : " (" + step.name + ")");
    if (subject.tell) subject.tell(event);
    const auto begun = std::chrono::steady_clock::now();
    const auto done = [&]() -> std::expected<void, Failure> {
      const nlohmann::ordered_json note = {
          {"step", number}, {"of", count}, {"gpu", gpu.index.value}, {"text", event.text}};
      // If its journal cannot be written, a change stops. A rollback continues: it does not need a record of its steps.
      if (const auto noted =
              subject.store.note_step(note.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
          !noted && stoppable)
        return std::unexpected(Failure(Cause::store, noted.error()));
      auto stepped = do_step(*subject.workers, gpu, step, options.timeout);
      return because(subject.workers->hung(gpu.index) ? Cause::no_answer : Cause::step_failed, std::move(stepped));
    }();
    event.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    event.kind = done ? Event::Kind::step_done : Event::Kind::step_failed;
    if (!done) event.why = done.error().why.message();
    if (done) event.effects = effects_of(subject, before, gpu, step, doomed);
    event.effects.name_parents_from(effects);
    if (subject.tell) subject.tell(event);
    GPUSLICE_CHECK(done);
    effects.add(event.effects);
  }
  return {};
}

// The remainder for a GPU that could not be rolled back or read; avoids naming the GPU twice.
Remainder left_of(GpuIndex gpu, const Error& error) {
  return {gpu, "", error.object == gpu_text(gpu) ? error.what : error.message()};
}

// Also reads the settings of the GPUs for which the change recorded settings.
void observe_settings_of(const Subject& subject, model::Inventory& inventory, const Transaction& t) {
  for (const auto& record : t.gpus)
    for (auto& gpu : inventory.gpus)
      if (gpu.problem.empty() && gpu.uuid == record.uuid && depends_on_settings(record))
        observe_settings(*subject.workers, gpu);
}
Result<model::Inventory> observe_for(const Subject& subject, const Transaction& t) {
  auto inventory = GPUSLICE_TRY(ops::observe(*subject.workers));
  observe_settings_of(subject, inventory, t);
  return inventory;
}

// The GPUs, with the settings that the caller needs.
Result<model::Inventory> observe(const Subject& subject, Ask ask = Ask::all) {
  auto inventory = GPUSLICE_TRY(ops::observe(*subject.workers, ask));
  if (subject.settings_of)
    for (auto& gpu : inventory.gpus)
      if (gpu.problem.empty() && subject.settings_of(gpu)) observe_settings(*subject.workers, gpu);
  return inventory;
}

// The change that an undo reverts: the newest that can be undone; null: there is none.
const Transaction* newest_to_undo(const std::vector<Transaction>& history) {
  const auto newest = std::find_if(history.rbegin(), history.rend(), store::can_be_undone);
  return newest == history.rend() ? nullptr : &*newest;
}

// Rolls back every GPU, the last one first. Returns what could not be rolled back.
std::vector<Remainder> take_back(const Subject& subject, const ChangeOptions& options, const Transaction& t,
                                 Effects& effects) {
  std::vector<Remainder> remains;
  const auto inventory = observe_for(subject, t);
  if (!inventory) return {{std::nullopt, "", inventory.error().message()}};
  for (auto record = t.gpus.rbegin(); record != t.gpus.rend(); ++record) {
    const auto* gpu = find_gpu(*inventory, record->uuid);
    if (gpu == nullptr) {
      remains.push_back(missing_gpu(*inventory, *record));
      continue;
    }
    if (is_as_before(*gpu, *record)) continue;
    const auto back = way_back(*gpu, *record);
    if (!back) {
      remains.push_back({gpu->index, "", back.error().what});
      continue;
    }
    std::size_t number = 0;
    if (const auto done = do_gpu(subject, options, *gpu, back->steps, number, back->steps.size(), false, effects);
        !done) {
      remains.push_back(left_of(gpu->index, done.error().why));
      continue;
    }
    auto now = observe_again(*subject.workers, *gpu);
    if (!now) {
      remains.push_back(left_of(gpu->index, now.error()));
      continue;
    }
    if (depends_on_settings(*record)) observe_settings(*subject.workers, *now);
    if (const auto rest = still_to_do(*now, *record); !rest.empty())
      remains.push_back({gpu->index, "", "still to do: " + rest});
  }
  for (const auto& one : remains) {
    Event event;
    event.kind = Event::Kind::remainder;
    event.gpu = one.gpu;
    event.text = one.message();
    event.remains = one;
    if (subject.tell) subject.tell(event);
  }
  return remains;
}

// With the lock held.
Result<Recovered> recover_cut_off(const Subject& subject, const ChangeOptions& options, bool accept) {
  Recovered recovered;
  recovered.transaction = GPUSLICE_TRY(subject.store.journal());
  if (!recovered.transaction) return recovered;
  auto t = *recovered.transaction;
  // Commands that a user recorded are run only for that user.
  if (const auto owner = subject.store.journal_owner(); !t.afterwards.empty() && owner && *owner != ::geteuid())
    return fail(ErrorKind::permission, fmt::format("change {}", t.number),
                fmt::format("was interrupted, and {0} recorded commands to run at its end: only {0} may recover it",
                            user_name(*owner)),
                "sudo -u " + user_argument(*owner) + " " + Hint::gpuslice({"recover"}));
  const auto inventory = GPUSLICE_TRY(observe_for(subject, t));
  recovered.forward = is_complete(inventory, t);
  Event event;
  event.kind = recovered.forward ? Event::Kind::completing : Event::Kind::recovering;
  event.text = fmt::format("change {} ({} by {}, {})", t.number, t.verb, t.user, t.started);
  event.interrupted = &t;
  if (subject.tell) subject.tell(event);
  if (!recovered.forward) recovered.remains = take_back(subject, options, t, recovered.effects);
  // A hung call may still change its GPU, so the final hooks wait until it has returned, unless the user accepts the
  // state. After an interrupted rollback they wait even then, because accepting does not cover steps that were not
  // tried.
  const bool left = !recovered.remains.empty() && options.leave.stop_requested();
  accept = accept && !left;
  const bool waits = left || (is_hung(subject, t) && !accept);
  const auto hooks = waits ? Result<void>{} : run_all(subject, t.afterwards, true);
  if (recovered.forward) {
    GPUSLICE_CHECK(subject.store.finish(t));
  } else if (recovered.remains.empty()) {
    GPUSLICE_CHECK(subject.store.abandon());
  } else if (accept) {
    auto names = GPUSLICE_TRY(subject.store.names());
    for (const auto& record : t.gpus)
      if (const auto* gpu = find_gpu(inventory, record.uuid))
        names.set(record.uuid, still_standing(gpu->state, plan::merged(record.made_before, record.made_after)));
    GPUSLICE_CHECK(subject.store.save_names(names));
    GPUSLICE_CHECK(subject.store.abandon());
  }
  keep_cdi_current(subject);
  auto noted = t;
  noted.verb = "recover " + t.verb;
  audit(subject, noted, recovered.forward ? "done" : audit_text(recovered.remains));
  GPUSLICE_CHECK(hooks);
  return recovered;
}

std::vector<store::StepRecord> records_of(const mig::Capability& capability, const std::vector<model::Step>& steps) {
  std::vector<store::StepRecord> all;
  for (const auto& step : steps) {
    auto& one = all.emplace_back();
    one.kind = plan::kind_word(step);
    one.text = plan::step_text(capability, step);
    one.name = step.name;
    if (const auto* gi = model::gi_seat(step)) one.gi = *gi;
    if (const auto* ci = model::ci_seat(step)) one.ci = *ci;
  }
  return all;
}

// The names of the profiles that the plan finds or leaves on the GPU.
std::vector<store::GiProfileName> profile_names(const mig::Capability& capability, const model::GpuPlan& plan) {
  std::vector<store::GiProfileName> all;
  for (const auto* state : {&plan.before, &plan.after})
    for (const auto& gi : state->mig.partition.instances) {
      const auto* profile = capability.find(gi.profile);
      if (profile == nullptr || std::ranges::any_of(all, [&](const auto& one) { return one.profile == gi.profile; }))
        continue;
      auto& one = all.emplace_back();
      one.profile = profile->id;
      one.name = profile->name;
      for (const auto& inner : profile->compute)
        one.compute.push_back({inner.id, share_name(capability, profile->id, inner.id)});
    }
  return all;
}

// In the order of their placements: the order in which names were recorded or declared means nothing.
std::vector<model::NamedGi> in_order(std::vector<model::NamedGi> made) {
  const auto start = [](const auto& one) { return one.placement.start; };
  std::ranges::sort(made, {}, start);
  for (auto& one : made) std::ranges::sort(one.compute, {}, start);
  return made;
}

Transaction transaction_of(const Subject& subject, const ChangeOptions& options, const model::Plan& plan,
                           const model::Inventory& inventory) {
  Transaction t;
  t.verb = options.verb;
  t.user = subject.host.user();
  t.started = subject.host.now();
  t.digest = plan.digest;
  for (const auto& gpu : plan.gpus) {
    const auto* seen = inventory.find(gpu.gpu);
    if (gpu.steps.empty() && in_order(seen->made) == in_order(gpu.made)) continue;
    t.gpus.push_back({gpu.uuid, gpu.gpu, gpu.before, gpu.after, seen->made, gpu.made,
                      records_of(seen->capability, gpu.steps), profile_names(seen->capability, gpu), seen->devices});
  }
  return t;
}

// Records what only the driver decided: the ids of what was created, and the MIG devices after the change.
void note_devices(Transaction& t, const Effects& effects) {
  for (auto& record : t.gpus) {
    auto& devices = record.devices_after.emplace(record.devices_before.value_or(std::vector<model::MigDevice>{}));
    for (const auto& gone : effects.destroyed)
      if (gone.gpu == record.index && gone.ci)
        std::erase_if(devices, [&](const auto& one) { return one.gi == gone.gi && one.ci == *gone.ci; });
    for (const auto& made : effects.created) {
      if (made.gpu != record.index) continue;
      for (auto& gi : record.after.mig.partition.instances) {
        if (gi.placement != made.gi_seat.placement || gi.profile != made.gi_seat.profile) continue;
        gi.id = made.gi;
        for (auto& ci : gi.compute)
          if (made.ci_seat && ci.placement == made.ci_seat->placement && ci.profile == made.ci_seat->profile)
            ci.id = *made.ci;
      }
      if (made.ci && !made.uuid.empty()) devices.push_back({made.gi, *made.ci, made.uuid});
    }
  }
}

std::expected<void, Failure> do_all(const Subject& subject, const ChangeOptions& options,
                                    const model::Inventory& inventory, const model::Plan& plan, Effects& effects) {
  std::size_t number = 0;
  for (const auto& gpu : plan.gpus)
    GPUSLICE_CHECK(
        do_gpu(subject, options, *inventory.find(gpu.gpu), gpu.steps, number, plan.cost().steps, true, effects));
  // A stop request during the last step leads to a rollback, as during any other step.
  if (number != 0 && options.stop.stop_requested()) return std::unexpected(interrupted_at(plan.gpus.back().gpu));
  return {};
}

// A change that is done on the GPUs but not completely recorded in the store, or whose last hook failed.
Failure after_done(const Subject& subject, Failure failure, bool recorded) {
  failure.restored = Restored::done;
  const auto journal = subject.store.journal();
  failure.recorded = recorded || (journal && !*journal) ? Recorded::history : Recorded::journalled;
  return failure;
}

// The failure of a change because an interrupted change has to be recovered first and cannot be.
Failure not_recovered(const Recovered& recovered) {
  Failure failure(Cause::cut_off,
                  Error{ErrorKind::refused, "node", "has an interrupted change that cannot be rolled back", ""});
  failure.remains = recovered.remains;
  failure.recorded = Recorded::journalled;
  failure.interrupted = recovered.transaction->number;
  return failure;
}

// The additional data of `undo`: the change that the plan reverts; the cause if there is no plan (both are set by
// make_plan); and whether recovering an interrupted change is already the undo.
struct Undoing {
  std::uint64_t number{};
  Cause no_plan{Cause::no_plan};
  bool (*ends_with)(const Transaction& interrupted, bool complete){};  // null: never
};

std::expected<Changed, Failure> change_undoing(const Subject& subject, const ChangeOptions& options,
                                               const MakePlan& make_plan, const Undoing& undoing) {
  GPUSLICE_CHECK(check_options(options));
  const auto lock = GPUSLICE_TRY(locked(subject, options));
  Changed changed;
  GPUSLICE_CHECK(because(Cause::store, subject.store.journal()));
  changed.recovered = GPUSLICE_TRY(because(Cause::cut_off, recover_cut_off(subject, options, false)));
  const auto& recovered = changed.recovered;
  if (!recovered.remains.empty()) return std::unexpected(not_recovered(recovered));
  if (recovered.transaction && undoing.ends_with != nullptr &&
      undoing.ends_with(*recovered.transaction, recovered.forward))
    return changed;

  auto inventory = GPUSLICE_TRY(because(Cause::unreadable, observe(subject)));
  remember(inventory, GPUSLICE_TRY(because(Cause::store, subject.store.names())));
  auto planned = make_plan(inventory);
  changed.plan = GPUSLICE_TRY(because(undoing.no_plan, std::move(planned)));
  const auto& plan = changed.plan;
  // The plan may have been computed earlier, for example to be confirmed by the user.
  if (plan.digest != plan::digest(inventory))
    return std::unexpected(Failure(
        Cause::changed, Error{ErrorKind::refused, "node", "has changed since the plan was made; nothing was done",
                              Hint::gpuslice({"list"})}));
  GPUSLICE_CHECK(check_doable(subject, plan, options));
  const bool declined = !plan.empty() && options.confirm && !options.confirm(plan);
  if (options.stop.stop_requested())
    return std::unexpected(
        Failure(Cause::interrupted, Error{ErrorKind::io, "plan", "interrupted before anything was changed", ""}));
  if (declined)
    return std::unexpected(
        Failure(Cause::declined, Error{ErrorKind::refused, "plan", "was declined; nothing was changed", ""}));
  auto t = transaction_of(subject, options, plan, inventory);
  t.undoes = undoing.number;
  if (t.gpus.empty() && t.undoes == 0) {
    tell(subject, Event::Kind::done, "nothing to do");
    return changed;
  }
  const auto hooks = GPUSLICE_TRY(hooks_of(subject, options));

  t.afterwards = hooks.afterwards;
  GPUSLICE_CHECK(because(Cause::store, subject.store.begin(t)));
  changed.number = t.number;
  auto done = drain(subject, options, inventory, plan, hooks, changed.stopped);
  if (done) done = do_all(subject, options, inventory, plan, changed.effects);
  if (done) {
    // From here on the change is final: after a kill or a full disk, the next recovery finds and records it.
    t.stopped = changed.stopped;
    note_devices(t, changed.effects);
    const auto finished = subject.store.finish(t);
    keep_cdi_current(subject);
    const auto after = run_all(subject, t.afterwards, true);
    audit(subject, t, "done", changed.stopped);
    if (!finished) return std::unexpected(after_done(subject, Failure(Cause::store, finished.error()), false));
    if (!after) return std::unexpected(after_done(subject, Failure(Cause::hook_failed, after.error()), true));
    tell(subject, Event::Kind::done, "done");
    return changed;
  }

  auto failure = done.error();
  // The result of a hung call is unknown, so the journal stays and the final hooks wait for the recovery.
  if (!is_hung(subject, t) || t.gpus.size() > 1) {
    tell(subject, Event::Kind::taking_back, failure.why.message());
    Effects rolled_back;
    failure.remains = take_back(subject, options, t, rolled_back);
    keep_cdi_current(subject);
  }
  if (is_hung(subject, t)) {
    failure.restored = Restored::unknown;
    failure.recorded = Recorded::journalled;
    audit(subject, t, audit_text(failure), changed.stopped);
    return std::unexpected(std::move(failure));
  }
  // If the rollback is left to the next recovery, so are its hooks. The hooks print to standard error; only the failure
  // of the change is reported.
  if (failure.remains.empty() || !options.leave.stop_requested())
    static_cast<void>(run_all(subject, t.afterwards, true));
  if (failure.remains.empty()) {
    failure.restored = Restored::all;
    if (const auto closed = subject.store.abandon(); !closed) {
      failure.recorded = Recorded::journalled;
      failure.journal_kept = closed.error();
      return std::unexpected(std::move(failure));
    }
  } else {
    failure.restored = Restored::not_all;
    failure.recorded = Recorded::journalled;
  }
  audit(subject, t, audit_text(failure), changed.stopped);
  return std::unexpected(std::move(failure));
}

// The commands that change the display mode and activate it. They include the reboot only for a simulated node: a hint
// that can be pasted must not reboot a real machine.
Hint display_mode_hint(const Subject& subject, const model::Plan& plan) {
  Hint hint;
  for (const auto& gpu : plan.gpus)
    for (const auto& step : gpu.steps) {
      if (!step.is<model::ComputeDisplay>()) continue;
      if (!hint.empty()) hint = hint + " && ";
      const auto number = std::to_string(gpu.gpu.value);
      hint = hint + (subject.simulated.empty()
                         ? Hint("displaymodeselector --gpumode compute -i " + number)
                         : Hint::gpuslice({"sim", "exec", subject.simulated, "--", "displaymodeselector", "--gpumode",
                                           "compute", "-i", number}));
    }
  if (!subject.simulated.empty()) hint = hint + " && " + Hint::gpuslice({"sim", "reboot", subject.simulated});
  return hint;
}

}  // namespace

bool drains(const ChangeOptions& options) {
  return options.force || !options.stop_units.empty() || !options.before.empty();
}

std::expected<store::Lock, Failure> locked(const Subject& subject, const ChangeOptions& options) {
  LockWait wait(subject, options);
  while (true) {
    auto lock = subject.store.lock(options.verb, subject.host.user(), subject.host.now());
    if (lock) return *std::move(lock);
    if (lock.error().kind != ErrorKind::busy) return std::unexpected(Failure(Cause::store, lock.error()));
    if (!wait.again(lock.error())) return std::unexpected(wait.failure(lock.error()));
  }
}

std::expected<void, Failure> check_options(const ChangeOptions& options) {
  for (const auto& unit : options.stop_units) {
    if (is_unit_name(unit)) continue;
    Failure wrong(Cause::wrong_options, Error{ErrorKind::usage, unit, "is not a valid systemd unit name", ""});
    wrong.option = "stop-unit";
    return std::unexpected(std::move(wrong));
  }
  return {};
}

Result<Seen> see(const Subject& subject, Ask ask) {
  Seen seen;
  seen.inventory = GPUSLICE_TRY(observe(subject, ask));
  if (const auto names = subject.store.names()) {
    remember(seen.inventory, *names);
  } else {
    for (auto& gpu : seen.inventory.gpus) gpu.made_known = false;
    seen.problems.push_back(names.error());
  }
  // The journal of a change that another process is executing does not mean that it was interrupted.
  seen.changing = under_way(subject.store);
  if (seen.changing) return seen;
  if (auto journal = subject.store.journal())
    seen.cut_off = *std::move(journal);
  else
    seen.problems.push_back(journal.error());
  return seen;
}

Result<Start> foresee(const Subject& subject) {
  if (subject.store.locked())
    return fail(ErrorKind::busy, "node", "is being changed by another gpuslice", Hint::gpuslice({"history"}));
  Start start;
  start.now = GPUSLICE_TRY(observe(subject));
  store::Names names;
  if (auto read = subject.store.names()) {
    names = *std::move(read);
  } else {
    for (auto& gpu : start.now.gpus) gpu.made_known = false;
    start.problems.push_back(read.error());
  }
  start.history = GPUSLICE_TRY(subject.store.history());
  const auto interrupted = subject.store.journal();
  if (interrupted && *interrupted) observe_settings_of(subject, start.now, **interrupted);
  if (const auto* newest = newest_to_undo(start.history)) observe_settings_of(subject, start.now, *newest);
  start.after_recovery = start.now;
  if (!interrupted) start.problems.push_back(interrupted.error());
  if (start.problems.empty() && *interrupted) {
    start.recovery = foresee_recovery(start.now, **interrupted);
    remember(start.now, names);
    recover_in(*start.recovery, start.after_recovery, names, start.history);
    return start;
  }
  remember(start.now, names);
  remember(start.after_recovery, names);
  return start;
}

Result<Start> foresee(const Subject& subject, const ChangeOptions& options) {
  LockWait wait(subject, options);
  while (true) {
    auto start = foresee(subject);
    if (start || start.error().kind != ErrorKind::busy) return start;
    if (!wait.again(start.error())) return std::unexpected(wait.failure(start.error()).why);
  }
}

std::expected<void, Failure> check_doable(const Subject& subject, const model::Plan& plan,
                                          const ChangeOptions& options) {
  const auto verdict = verdict_of(plan, drains(options));
  if (verdict.kind == Verdict::Kind::needs_reboot)
    return std::unexpected(Failure(
        Cause::needs_reboot,
        Error{ErrorKind::refused, "plan", "needs the compute display mode, and a reboot before MIG can be enabled",
              display_mode_hint(subject, plan)}));
  if (verdict.kind == Verdict::Kind::stops_clients)
    return std::unexpected(Failure(Cause::clients, would_stop(verdict.stops)));
  return {};
}

Result<Recovered> recover(const Subject& subject, const ChangeOptions& options, bool accept) {
  const auto lock = locked(subject, options);
  if (!lock) return std::unexpected(lock.error().why);
  return recover_cut_off(subject, options, accept);
}

Result<Undo> plan_undo(const model::Inventory& inventory, const std::vector<store::Transaction>& history) {
  const auto* newest = newest_to_undo(history);
  if (newest == nullptr)
    return fail(ErrorKind::not_found, "undo", "there is no change left to undo", Hint::gpuslice({"history"}));
  Undo undo;
  undo.number = newest->number;
  for (const auto& record : newest->gpus) {
    const auto* gpu = find_gpu(inventory, record.uuid);
    if (gpu == nullptr)
      return fail(ErrorKind::not_found, fmt::format("GPU {} ({})", record.index.value, record.uuid),
                  "is missing or cannot be read", Hint::gpuslice({"list"}));
    auto back = way_back(*gpu, record);
    if (!back)
      return fail(ErrorKind::refused, fmt::format("undo of change {}", newest->number),
                  fmt::format("GPU {}: {}", gpu->index.value, back.error().what), Hint::gpuslice({"list"}));
    back->made = record.made_before;
    undo.plan.gpus.push_back(*std::move(back));
  }
  std::sort(undo.plan.gpus.begin(), undo.plan.gpus.end(), [](const auto& a, const auto& b) { return a.gpu < b.gpu; });
  undo.plan.digest = plan::digest(inventory);
  return undo;
}

std::expected<Changed, Failure> change(const Subject& subject, const ChangeOptions& options,
                                       const MakePlan& make_plan) {
  return change_undoing(subject, options, make_plan, {});
}

std::expected<Changed, Failure> undo(const Subject& subject, const ChangeOptions& options,
                                     const std::function<void(const model::Inventory&, const Undo&)>& show) {
  Undoing undoing;
  undoing.ends_with = undo_ends_with;
  return change_undoing(
      subject, options,
      [&](const model::Inventory& inventory) -> Result<model::Plan> {
        const auto history = subject.store.undo_history();
        if (!history) undoing.no_plan = Cause::store;
        const auto all = GPUSLICE_TRY(history);
        auto seen = inventory;
        const auto* newest = newest_to_undo(all);
        if (newest == nullptr) undoing.no_plan = Cause::nothing_to_undo;
        if (newest != nullptr) observe_settings_of(subject, seen, *newest);
        auto found = GPUSLICE_TRY(plan_undo(seen, all));
        undoing.number = found.number;
        show(inventory, found);
        return std::move(found.plan);
      },
      undoing);
}

}  // namespace gpuslice::ops
