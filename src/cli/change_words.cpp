#include "cli/change_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "cli/confirm.hpp"
#include "cli/event_json.hpp"
#include "cli/interrupts.hpp"
#include "cli/open_node.hpp"
#include "cli/option_words.hpp"
#include "cli/outcome_text.hpp"
#include "cli/plan_view.hpp"
#include "cli/under_way_view.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {
namespace {

// $GPUSLICE_STATE_DIR, a simulated node's own directory, or the default directory of an installed gpuslice.
std::string store_directory(const std::string& simulated_node) {
  if (!simulated_node.empty()) return simulated_node + "/store";
  const char* chosen = std::getenv("GPUSLICE_STATE_DIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/var/lib/gpuslice/local";
}

// A container that is given a device of a simulated node finds the node's library where the node has it and nvidia-smi in
// its PATH, and in the environment the node that the library serves. It gets single files of the node: with the
// whole directory it would see all of its devices. Which it sees is decided by the device files that it has
// (sim/node_dir.hpp, view_of).
handover::Common driver_for_containers(const std::string& node) {
  handover::Common common;
  if (node.empty()) return common;
  for (const char* file : {"/state", "/clients", "/lib/libnvidia-ml.so.1", "/lib/libcuda.so.1"})
    common.mounts.push_back({node + file, node + file});
  common.mounts.push_back({node + "/bin/nvidia-smi", "/usr/bin/nvidia-smi"});
  common.env = {"NVIDIA_VISIBLE_DEVICES=void", "GPUSLICE_SIM_NODE=" + node, "GPUSLICE_SIM_VIEW=/",
                "GPUSLICE_LOCAL=readonly"};
  return common;
}

}  // namespace

std::string event_text(const ops::Event& event) {
  using Kind = ops::Event::Kind;
  const auto head =
      event.of == 0 ? std::string{} : fmt::format("[{}/{}] GPU {}: ", event.step, event.of, event.gpu->value);
  switch (event.kind) {
    case Kind::step:
      return head + event.text;
    case Kind::step_done:
      return fmt::format("{}{}, {:.1f} s", head, event.text, event.seconds);
    case Kind::step_failed:
      return head + event.text + ", failed";
    case Kind::hook:
      return "run: " + event.text;
    case Kind::taking_back:
      return "rolling back";  // the cause is shown at the end
    case Kind::remainder:
      return "remaining: " + event.text;
    case Kind::recovering:
      return "rolling back interrupted " + event.text;
    case Kind::completing:
      return "recording interrupted " + event.text + ", which is complete";
    case Kind::note:
      return "gpuslice: note: " + event.text;
    default:
      return event.text;
  }
}

std::shared_ptr<Progress> progress_of(const CommandLine& line, const std::string& output) {
  return std::make_shared<Progress>(line.terminal, Progress::form_of(line.terminal, output), Progress::terminal_width(),
                                    hint_text(Hint::gpuslice({"recover"}), line.node));
}

std::function<void(const ops::Event&)> teller(const std::shared_ptr<Progress>& progress) {
  return [progress](const ops::Event& event) { progress->tell(event); };
}

void warn_damaged(const std::vector<Error>& problems, const CommandLine& line) {
  for (const auto& problem : problems) {
    line.terminal.err << "gpuslice: warning: " << printable_lines(problem.message()) << '\n';
    if (!problem.hint.empty()) line.terminal.err << "  try: " << hint_text(problem.hint, line.node) << '\n';
  }
}

void warn_cut_off(const ops::Seen& seen, const CommandLine& line) {
  warn_damaged(seen.problems, line);
  if (seen.changing) line.terminal.err << "gpuslice: note: " << printable(under_way_text(*seen.changing)) << '\n';
  if (!seen.cut_off) return;
  line.terminal.err << fmt::format(
      "gpuslice: warning: change {} ({} by {}, {}) was interrupted; the next change rolls it back, or run: {}\n",
      seen.cut_off->number, printable(seen.cut_off->verb), printable(seen.cut_off->user),
      printable(seen.cut_off->started), hint_text(Hint::gpuslice({"recover"}), line.node));
}

void add_change_options(Verb verb, ChangeWords& words) {
  verb.add_flag("--dry-run", words.dry_run, "Show the plan and change nothing");
  verb.add_flag("--force", words.force, "End clients in the way: SIGTERM, then SIGKILL after --grace seconds");
  verb.add_flag("--yes", words.yes, "Do not ask before instances are destroyed or processes are stopped");
  verb.add_option("--stop-unit", words.stop_units,
                  "Stop this systemd unit before the change and start it afterwards (repeatable)")
      .type_name("UNIT")
      .allow_extra_args(false);
  verb.add_option("--before", words.before, "Run this command before the first step (repeatable)")
      .type_name("COMMAND")
      .allow_extra_args(false);
  verb.add_option("--after", words.after,
                  "Run this command at the end, whether or not the change succeeds (repeatable)")
      .type_name("COMMAND")
      .allow_extra_args(false);
  verb.add_option("--timeout", words.timeout_s,
                  "Limit one step, with the checks before and after it, to this time (default 120)")
      .type_name("SECONDS");
  verb.add_option("--grace", words.grace_s, "Wait this long between SIGTERM and SIGKILL with --force (default 10)")
      .type_name("SECONDS");
  add_wait_option(verb, words);
  add_choice(verb, "--output", words.output, {"table", "json"},
             "Print in this format (default table); json is one line for the plan and one for each event");
  verb.fallthrough();
}

void add_wait_option(Verb verb, ChangeWords& words) {
  verb.add_flag("--wait", words.wait,
                "Wait until no other gpuslice is changing the node; --wait=SECONDS waits at most that long");
}

namespace {

// NaN if the text is not a number as a whole.
double number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return *end == '\0' ? value : std::nan("");
}

}  // namespace

Result<ops::ChangeOptions> change_options(const ChangeWords& words, const std::string& verb) {
  ops::ChangeOptions options;
  options.verb = verb;
  options.force = words.force;
  options.timeout = GPUSLICE_TRY(duration("--timeout", words.timeout_s));
  options.grace = GPUSLICE_TRY(duration("--grace", words.grace_s));
  options.stop_units = words.stop_units;
  options.before = words.before;
  options.after = words.after;
  if (words.wait == "true")
    options.wait = ops::ChangeOptions::without_end;
  else if (!words.wait.empty())
    options.wait = GPUSLICE_TRY(duration("--wait", number(words.wait)));
  return options;
}

Result<ops::Subject> open_subject(const CommandLine& line, std::function<void(const ops::Event&)> tell,
                                  double timeout_s) {
  const auto opened = GPUSLICE_TRY(open_workers(line, std::min(timeout_s, reading_timeout_s)));
  return ops::Subject{opened.workers,
                      store::NodeStore(store_directory(opened.simulated)),
                      ops::this_host(),
                      std::move(tell),
                      line.node.starts_with("sim:") ? line.node.substr(4) : std::string{},
                      opened.simulated.empty(),
                      opened.simulated,
                      driver_for_containers(opened.simulated)};
}

namespace {

void print_line(const Terminal& terminal, const nlohmann::ordered_json& line) {
  terminal.out << report::json_text(line) << '\n' << std::flush;
}

bool drains(const ChangeWords& words) { return words.force || !words.stop_units.empty() || !words.before.empty(); }

void show_plan(const CommandLine& line, const ChangeWords& words, const model::Inventory& inventory,
               const model::Plan& plan, Progress* progress = nullptr) {
  if (progress != nullptr) progress->plan_shown();
  if (words.output == "json")
    print_line(line.terminal, plan_json(inventory, plan, ops::verdict_of(inventory, plan, drains(words))));
  else if (!plan.empty())
    line.terminal.out << plan_text(inventory, plan) << std::flush;
}

std::string called(const store::Transaction& t) {
  return fmt::format("change {} ({} by {}, {})", t.number, printable(t.verb), printable(t.user), printable(t.started));
}

}  // namespace

std::string recovery_text(const ops::Start& start) {
  const auto& recovery = *start.recovery;
  auto text = recovery.complete ? "first, record the interrupted change as done: " + called(recovery.transaction) + "\n"
                                : "first, roll back the interrupted change: " + called(recovery.transaction) + "\n" +
                                      plan_text(start.now, recovery.plan);
  for (const auto& command : recovery.transaction.afterwards) text += "run: " + printable(command) + "\n";
  return text;
}

namespace {

// Shows everything that the command would do: the recovery that comes first, then the plan from the state after it. If
// `undo` is set, the recovery may be all there is to do.
Result<int> dry_run(const CommandLine& line, const ChangeWords& words, const ops::ChangeOptions& options,
                    const ops::Subject& subject, bool undo,
                    const std::function<Result<model::Plan>(const ops::Start&)>& make_plan) {
  if (const auto checked = ops::check_options(options); !checked) return failed(line, words, checked.error());
  const auto start = GPUSLICE_TRY(ops::foresee(subject, options));
  if (!start.problems.empty())
    return std::unexpected(start.problems.front());  // the error that the change itself would return
  if (const auto shown = show_recovery(line, words, start); !shown)
    return failed(line, words, ops::Failure(ops::Cause::cut_off, shown.error()), shown.error());
  const auto dry = [&] {
    if (words.output == "json") print_line(line.terminal, dry_run_json());
    return 0;
  };
  if (undo && start.recovery && ops::undo_ends_with(start.recovery->transaction, start.recovery->complete))
    return dry();
  const auto plan = make_plan(start);
  if (!plan) return failed(line, words, ops::Failure(ops::Cause::no_plan, plan.error()));
  show_plan(line, words, start.after_recovery, *plan);
  if (plan->empty() && words.output != "json") line.terminal.err << "nothing to do\n";
  if (const auto doable = ops::check_doable(subject, *plan, options); !doable)
    return failed(line, words, doable.error());
  return dry();
}

Result<int> ended(const CommandLine& line, const ChangeWords& words,
                  const std::expected<ops::Changed, ops::Failure>& changed, std::uint64_t undoes = 0) {
  if (changed) {
    line.changed = changed->number != 0;
    if (words.output == "json") print_line(line.terminal, done_json(*changed, undoes));
    return 0;
  }
  return failed(line, words, changed.error());
}

}  // namespace

int failed(const CommandLine& line, const ChangeWords& words, const ops::Failure& failure) {
  return failed(line, words, failure, error_of(failure));
}

int failed(const CommandLine& line, const ChangeWords& words, const ops::Failure& failure, const Error& said) {
  const auto exit = exit_of(failure, Interrupts::signal());
  if (words.output == "json") print_line(line.terminal, failed_json(failure, said, exit, line.node));
  return show(said, line.terminal, exit, line.node);
}

Result<void> show_recovery(const CommandLine& line, const ChangeWords& words, const ops::Start& start) {
  if (!start.recovery) return {};
  if (words.output == "json")
    print_line(line.terminal, recovery_json(start));
  else
    line.terminal.out << recovery_text(start) << std::flush;
  if (start.recovery->remains.empty()) return {};
  return std::unexpected(cannot_recover(start.recovery->transaction.number, start.recovery->remains));
}

namespace {

// How signals and the user's answer affect a running change.
class Guard {
 public:
  Guard(const CommandLine& line, const ChangeWords& words, const ops::Subject& subject, ops::ChangeOptions& options,
        const std::shared_ptr<Progress>& progress)
      : interrupts_([progress](int signal, bool again) { progress->interrupted(signal, again); }) {
    options.stop = interrupts_.token();
    options.leave = interrupts_.leave_token();
    const auto ask = confirmation(line.terminal, words.yes, subject.real, options.stop);
    if (!ask) return;
    options.confirm = [ask, progress](const model::Plan& plan) {
      progress->asking(true);
      const bool yes = ask(plan);
      progress->asking(false);
      return yes;
    };
  }

 private:
  Interrupts interrupts_;
};

}  // namespace

Result<int> change_node(const CommandLine& line, const ChangeWords& words, const std::string& verb,
                        const ops::MakePlan& make_plan, const ops::SettingsOf& settings_of) {
  auto options = GPUSLICE_TRY(change_options(words, verb));
  if (!words.dry_run) GPUSLICE_CHECK(check_may_act(line.choice()));
  const auto progress = progress_of(line, words.output);
  auto subject = GPUSLICE_TRY(open_subject(line, teller(progress), words.timeout_s));
  subject.settings_of = settings_of;
  if (words.dry_run)
    return dry_run(line, words, options, subject, false,
                   [&](const ops::Start& start) { return make_plan(start.after_recovery); });
  const Guard guard(line, words, subject, options, progress);
  return ended(line, words,
               ops::change(subject, options, [&](const model::Inventory& inventory) -> Result<model::Plan> {
                 auto plan = GPUSLICE_TRY(make_plan(inventory));
                 show_plan(line, words, inventory, plan, progress.get());
                 return plan;
               }));
}

Result<int> undo_on_node(const CommandLine& line, const ChangeWords& words) {
  auto options = GPUSLICE_TRY(change_options(words, "undo"));
  if (!words.dry_run) GPUSLICE_CHECK(check_may_act(line.choice()));
  const auto progress = progress_of(line, words.output);
  const auto subject = GPUSLICE_TRY(open_subject(line, teller(progress), words.timeout_s));
  std::uint64_t undoes = 0;
  const auto say = [&](std::uint64_t number) {
    undoes = number;
    line.terminal.err << fmt::format("undo of change {}\n", number);
  };
  if (words.dry_run)
    return dry_run(line, words, options, subject, true, [&](const ops::Start& start) -> Result<model::Plan> {
      GPUSLICE_CHECK(subject.store.undo_history());  // an unreadable entry makes the undo fail too
      auto found = GPUSLICE_TRY(ops::plan_undo(start.after_recovery, start.history));
      say(found.number);
      return std::move(found.plan);
    });
  const Guard guard(line, words, subject, options, progress);
  const auto changed = ops::undo(subject, options, [&](const model::Inventory& inventory, const ops::Undo& found) {
    say(found.number);
    show_plan(line, words, inventory, found.plan, progress.get());
  });
  if (changed && changed->recovered.transaction && changed->number == 0)
    line.terminal.err << recovered_text(changed->recovered) << '\n';
  return ended(line, words, changed, undoes);
}

Action with_last_line(const CommandLine& line, std::shared_ptr<const ChangeWords> words, Action action) {
  return [&line, words = std::move(words), action = std::move(action)]() -> Result<int> {
    auto ended = action();
    if (!ended && words->output == "json")
      print_line(line.terminal, failed_json(ended.error(), exit_of(ended.error().kind), line.node));
    return ended;
  };
}

}  // namespace gpuslice::cli
