// Shared by all commands that change a node: their options, showing the plan first, progress, and the transaction.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/open_node.hpp"
#include "cli/program.hpp"
#include "cli/progress.hpp"
#include "ops/change.hpp"

namespace gpuslice::cli {

struct ChangeWords {
  bool force{}, dry_run{}, yes{};
  std::string wait;  // from --wait: empty without the option, "true" without a value, otherwise seconds
  std::vector<std::string> stop_units, before, after;
  double timeout_s{usual_timeout_s}, grace_s{10};
  std::string output{"table"};
};

// --dry-run, --force, --yes, --stop-unit, --before, --after, --timeout, --grace, --wait, --output.
void add_change_options(Verb verb, ChangeWords& words);
void add_wait_option(Verb verb, ChangeWords& words);

// The node that --node selects, its store, and this host. Events are passed to `tell`. `timeout_s` limits one call of
// the driver, in seconds; a call that only reads is limited to reading_timeout_s if that is less.
[[nodiscard]] Result<ops::Subject> open_subject(const CommandLine& line,
                                                std::function<void(const ops::Event&)> tell = nullptr,
                                                double timeout_s = usual_timeout_s);

// Shows the plan and, without --dry-run, executes it. `settings_of`: the GPUs whose settings it depends on.
[[nodiscard]] Result<int> change_node(const CommandLine& line, const ChangeWords& words, const std::string& verb,
                                      const ops::MakePlan& make_plan, const ops::SettingsOf& settings_of = nullptr);
// The same for the plan that undoes the latest change.
[[nodiscard]] Result<int> undo_on_node(const CommandLine& line, const ChangeWords& words);

// The action of a command with these options: `action`; with JSON lines, also prints "failed" as the last line for an
// error that it returns.
[[nodiscard]] Action with_last_line(const CommandLine& line, std::shared_ptr<const ChangeWords> words, Action action);

// Converts the options into ops::ChangeOptions.
[[nodiscard]] Result<ops::ChangeOptions> change_options(const ChangeWords& words, const std::string& verb);

// How events are shown.
[[nodiscard]] std::shared_ptr<Progress> progress_of(const CommandLine& line, const std::string& output);
[[nodiscard]] std::function<void(const ops::Event&)> teller(const std::shared_ptr<Progress>& progress);
// One event as text for people.
[[nodiscard]] std::string event_text(const ops::Event& event);

// The recovery that a change begins with, which `start` has: which change, and the steps of the rollback.
[[nodiscard]] std::string recovery_text(const ops::Start& start);
// Shows, in a dry run, the recovery that the command does first. Error: the refusal if the recovery is impossible.
[[nodiscard]] Result<void> show_recovery(const CommandLine& line, const ChangeWords& words, const ops::Start& start);
// Shows why a change failed, and prints the event if events are JSON. Returns the exit status. `said`: the text to
// show.
int failed(const CommandLine& line, const ChangeWords& words, const ops::Failure& failure);
int failed(const CommandLine& line, const ChangeWords& words, const ops::Failure& failure, const Error& said);

// Warns of damaged files of the store, which are left out, with the command to type.
void warn_damaged(const std::vector<Error>& problems, const CommandLine& line);

// Warns of problems of the store: damaged files, and a change that is in progress or was interrupted.
void warn_cut_off(const ops::Seen& seen, const CommandLine& line);

}  // namespace gpuslice::cli
