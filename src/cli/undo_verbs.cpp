// `gpuslice undo`, `recover` and `history`: undo a change, finish or roll back an interrupted one, list past changes.
#include <fmt/format.h>

#include <memory>

#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/change_words.hpp"
#include "cli/event_json.hpp"
#include "cli/history_json.hpp"
#include "cli/interrupts.hpp"
#include "cli/open_node.hpp"
#include "cli/option_words.hpp"
#include "cli/outcome_text.hpp"
#include "cli/verbs.hpp"
#include "report/json_text.hpp"
#include "report/table.hpp"

namespace gpuslice::cli {
namespace {

struct RecoverWords {
  ChangeWords change;
  bool accept{};
  std::vector<std::string> set_aside;
};

// Prints the last JSON line; returns the exit status.
int ended(const CommandLine& line, const RecoverWords& words, const nlohmann::ordered_json& last) {
  if (words.change.output == "json") line.terminal.out << report::json_text(last) << '\n' << std::flush;
  return 0;
}

// A recovery that failed, perhaps after some of its steps; returns the exit status.
int not_ended(const CommandLine& line, const RecoverWords& words, const Error& error) {
  using enum ErrorKind;
  const bool untouched = error.kind == busy || error.kind == permission || error.kind == damaged;
  const auto restored = untouched ? ops::Restored::untouched : ops::Restored::unknown;
  if (words.change.output == "json")
    line.terminal.out << report::json_text(failed_json(error, exit_of(error.kind), line.node, restored)) << '\n'
                      << std::flush;
  return show(error, line.terminal, line.node);
}

// Renames damaged files of the store, and does nothing else.
Result<int> set_aside(const CommandLine& line, const RecoverWords& words) {
  const auto& names = words.set_aside;
  auto options = GPUSLICE_TRY(change_options(words.change, "recover"));
  const auto progress = progress_of(line, words.change.output);
  const auto subject = GPUSLICE_TRY(open_subject(line, teller(progress)));
  const Interrupts interrupts([progress](int signal, bool again) { progress->interrupted(signal, again); });
  options.stop = interrupts.token();
  const auto lock = ops::locked(subject, options);
  if (!lock) return failed(line, words.change, lock.error());
  for (const auto& name : names) {
    const auto aside = GPUSLICE_TRY(subject.store.set_aside(name));
    line.terminal.err << fmt::format("{} is kept as {}\n", name, aside);
    if (name == "names") line.terminal.err << "the names of instances were restored from the history\n";
  }
  return ended(line, words, done_json(ops::Recovered{}));
}

Result<int> recover(const CommandLine& line, const RecoverWords& words) {
  if (!words.set_aside.empty()) return set_aside(line, words);
  auto options = GPUSLICE_TRY(change_options(words.change, "recover"));
  GPUSLICE_CHECK(check_may_act(line.choice()));
  const auto progress = progress_of(line, words.change.output);
  const auto subject = GPUSLICE_TRY(open_subject(line, teller(progress), words.change.timeout_s));
  auto& err = line.terminal.err;
  if (words.change.dry_run) {
    const auto start = GPUSLICE_TRY(ops::foresee(subject, options));
    if (!start.problems.empty()) return std::unexpected(start.problems.front());
    if (!start.recovery) err << "no change was interrupted\n";
    auto shown = show_recovery(line, words.change, start);
    if (!shown && !words.accept)
      return failed(line, words.change, ops::Failure(ops::Cause::cut_off, shown.error()), shown.error());
    if (!shown)
      err << printable_lines(shown.error().message()) << "\nthis would remain, and the change would be closed\n";
    return ended(line, words, dry_run_json());
  }
  // A stop request does not stop the recovery itself, because a rollback is what the request asks for.
  const Interrupts interrupts([progress](int signal, bool again) { progress->interrupted(signal, again); });
  options.stop = interrupts.token();
  options.leave = interrupts.leave_token();
  const auto tried = ops::recover(subject, options, words.accept);
  if (!tried && Interrupts::signal() != 0)
    return failed(line, words.change, ops::Failure(ops::Cause::interrupted, tried.error()));
  if (!tried) return not_ended(line, words, tried.error());
  const auto& recovered = *tried;
  if (!recovered.transaction) {
    err << "no change was interrupted\n";
    return ended(line, words, done_json(recovered));
  }
  if (recovered.forward || recovered.remains.empty()) {
    err << recovered_text(recovered) << '\n';
    return ended(line, words, done_json(recovered));
  }
  if (words.accept && !interrupts.leave_token().stop_requested()) {
    err << fmt::format("change {} ({}) is closed; the current state is kept\n", recovered.transaction->number,
                       printable(recovered.transaction->verb));
    return ended(line, words, done_json(recovered));
  }
  auto said = not_recovered(recovered);
  ops::Failure failure(ops::Cause::cut_off, said);
  failure.restored = ops::Restored::not_all;
  failure.remains = recovered.remains;
  failure.recorded = ops::Recorded::journalled;
  if (interrupts.leave_token().stop_requested()) {
    failure.cause = ops::Cause::interrupted;
    failure.why.what = "is not rolled back yet";
    said = error_of(failure);
  }
  failure.interrupted = recovered.transaction->number;
  return failed(line, words.change, failure, said);
}

const std::vector<report::Column<store::Transaction>>& columns() {
  using report::Cell;
  using report::Type;
  using store::Transaction;
  static const std::vector<report::Column<Transaction>> all = {
      {"number", "NO", Type::number, "number of the change",
       [](const Transaction& t) { return Cell(static_cast<std::int64_t>(t.number)); }},
      {"started", "STARTED", Type::text, "when the change started, UTC",
       [](const Transaction& t) { return Cell(t.started); }},
      {"user", "USER", Type::text, "user who ran the command", [](const Transaction& t) { return Cell(t.user); }},
      {"verb", "COMMAND", Type::text, "command that was run", [](const Transaction& t) { return Cell(t.verb); }},
      {"gpus", "GPUS", Type::numbers, "indices of the GPUs that it changed",
       [](const Transaction& t) {
         report::Numbers indices;
         for (const auto& gpu : t.gpus) indices.push_back(gpu.index.value);
         return Cell(indices);
       }},
      {"outcome", "OUTCOME", Type::text, "done, undone, or interrupted",
       [](const Transaction& t) { return Cell(std::string(outcome_text(t.outcome))); }},
  };
  return all;
}

Result<int> history(const CommandLine& line, const std::string& output) {
  const auto subject = GPUSLICE_TRY(open_subject(line));
  auto all = GPUSLICE_TRY(subject.store.history());
  if (!subject.store.locked())
    if (const auto open = subject.store.journal(); open && *open) all.push_back(**open);
  if (output == "json")
    line.terminal.out << report::json_text(history_json(all), 2) << '\n';
  else
    print(report::sheet(columns(), all), output, line.terminal.out);
  const auto damaged = subject.store.damaged();
  warn_damaged(damaged, line);
  return status(damaged.empty() ? Exit::done : Exit::unknown);
}

}  // namespace

void add_undo_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("undo", "Undo the latest change; repeat to undo earlier ones");
  auto words = std::make_shared<ChangeWords>();
  add_change_options(verb, *words);
  verb.callback([&line, words] {
    line.chosen = with_last_line(line, words, [&line, words] { return undo_on_node(line, *words); });
  });
}

void add_recover_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("recover", "Finish or roll back an interrupted change");
  auto words = std::make_shared<RecoverWords>();
  verb.add_flag("--accept", words->accept,
                "Close the interrupted change even if it cannot be rolled back, keeping the current state");
  verb.add_flag("--dry-run", words->change.dry_run, "Show what would be done and change nothing");
  verb.add_option("--set-aside", words->set_aside,
                  "Rename damaged files of the store and do nothing else: names, journal, history/N or audit.log, "
                  "comma separated; names are then restored from the history")
      .type_name("FILES")
      .delimiter(',')
      .allow_extra_args(false)
      .excludes("--accept")
      .excludes("--dry-run");
  verb.add_option("--timeout", words->change.timeout_s, "Limit one call of the driver to this time (default 120)")
      .type_name("SECONDS");
  add_wait_option(verb, words->change);
  add_choice(verb, "--output", words->change.output, {"table", "json"},
             "Print in this format (default table); json is one line for each event");
  verb.fallthrough();
  verb.callback([&line, words] {
    line.chosen = with_last_line(line, {words, &words->change}, [&line, words] { return recover(line, *words); });
  });
}

void add_history_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("history", "List the changes that gpuslice made on a node");
  auto output = std::make_shared<std::string>("table");
  add_choice(verb, "--output", *output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.footer([] {
    return "Columns (json also has the steps and the states before and after; see gpuslice schema history):\n" +
           report::column_list(report::heads(columns()));
  });
  verb.fallthrough();
  verb.callback([&line, output] { line.chosen = [&line, output] { return history(line, *output); }; });
}

}  // namespace gpuslice::cli
