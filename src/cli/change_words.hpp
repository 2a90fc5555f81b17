// What every verb that changes a node shares: its options, the plan shown first, progress, and the transaction.
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
  std::string wait;  // of --wait: empty without it, "true" without a value, else seconds
  std::vector<std::string> stop_units, before, after;
  double timeout_s{usual_timeout_s}, grace_s{10};
  std::string output{"table"};
};

// --dry-run, --force, --yes, --stop-unit, --before, --after, --timeout, --grace, --wait, --output.
void add_change_options(Verb verb, ChangeWords& words);
void add_wait_option(Verb verb, ChangeWords& words);

// The node that --node means, its store, this host. What happens is told to `tell`. `timeout_s`: for one answer of the
// driver; no answer to a question that only reads is waited for longer than reading_timeout_s.
[[nodiscard]] Result<ops::Subject> open_subject(const CommandLine& line,
                                                std::function<void(const ops::Event&)> tell = nullptr,
                                                double timeout_s = usual_timeout_s);

// Shows the plan, and unless --dry-run was said does it.
[[nodiscard]] Result<int> change_node(const CommandLine& line, const ChangeWords& words, const std::string& verb,
                                      const ops::MakePlan& make_plan);
// The same for the plan that takes back the newest change.
[[nodiscard]] Result<int> undo_on_node(const CommandLine& line, const ChangeWords& words);

// What a verb with these options does: `action`, after which JSON lines end with "failed" for an error too that it
// returns, before or instead of a change.
[[nodiscard]] Action with_last_line(const CommandLine& line, std::shared_ptr<const ChangeWords> words, Action action);

// ops::ChangeOptions as the words have them.
[[nodiscard]] Result<ops::ChangeOptions> change_options(const ChangeWords& words, const std::string& verb);

// How events are shown.
[[nodiscard]] std::shared_ptr<Progress> progress_of(const CommandLine& line, const std::string& output);
[[nodiscard]] std::function<void(const ops::Event&)> teller(const std::shared_ptr<Progress>& progress);
// One event as a person reads it.
[[nodiscard]] std::string event_text(const ops::Event& event);

// The recovery that a change begins with, which `start` has: which change, and the steps of the rollback.
[[nodiscard]] std::string recovery_text(const ops::Start& start);
// What a dry run shows of the recovery that the command does first; the refusal when it cannot be done.
[[nodiscard]] Result<void> show_recovery(const CommandLine& line, const ChangeWords& words, const ops::Start& start);
// Shows why a change failed, as an event too where events are JSON; the exit status. `said`: in these words.
int failed(const CommandLine& line, const ChangeWords& words, const ops::Failure& failure);
int failed(const CommandLine& line, const ChangeWords& words, const ops::Failure& failure, const Error& said);

// Files of the store that are left out because they are damaged, with what to type.
void warn_damaged(const std::vector<Error>& problems, const CommandLine& line);

// What a reader should know about the store: damaged files, a change that is under way or was cut off.
void warn_cut_off(const ops::Seen& seen, const CommandLine& line);

}  // namespace gpuslice::cli
