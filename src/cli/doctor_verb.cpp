// `gpuslice doctor`: what is wrong with a node, and what to type next.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/nearest.hpp"
#include "base/printable.hpp"
#include "cli/change_words.hpp"
#include "cli/doctor_view.hpp"
#include "cli/option_words.hpp"
#include "cli/verbs.hpp"
#include "ops/diagnose_fix.hpp"
#include "ops/gather.hpp"
#include "report/json_text.hpp"
#include "sim/node_dir.hpp"

namespace gpuslice::cli {
namespace {

struct DoctorWords {
  std::vector<std::string> only;
  std::string output{"text"};
  bool list{}, fix{}, dry_run{}, yes{};
  double timeout_s{10};
};

Result<void> check_ids(const std::vector<std::string>& ids) {
  std::vector<std::string_view> known;
  for (const auto& check : doctor::checks()) known.push_back(check.id);
  for (const auto& id : ids) {
    if (doctor::find_check(id) != nullptr) continue;
    const auto near = nearest(id, known, 3);
    return fail(ErrorKind::usage, "--only " + id,
                near.empty() ? "is not a check" : fmt::format("is not a check; nearest: {}", fmt::join(near, ", ")),
                Hint::gpuslice({"doctor", Hint::flag("list")}));
  }
  return {};
}

// `node`: directory of the simulated node; empty: a real host. `root`: as in ops::Subject.
ops::HostFiles files_of(const std::string& node, const std::string& root) {
  ops::HostFiles files;
  files.as_root = ::geteuid() == 0;
  files.root = root;
  if (node.empty()) {
    files.kernel_log = "/dev/kmsg";
    files.container = ops::in_container("");
    if (const char* chosen = std::getenv("CUDA_MPS_PIPE_DIRECTORY"); chosen != nullptr && *chosen == '/')
      files.mps = chosen;
    return files;
  }
  // Inside a node /etc and the like are the host's, which has nothing to do with the node.
  files.simulated = true;
  files.container = !root.empty() && root != node;  // what a container of it sees
  files.system = files.container ? root : node;
  files.kernel_log = node + "/kmsg";
  files.boot = node + "/boot.d";
  return files;
}

// An error that says something about the node, and not about how it was named.
bool is_about_driver(const Error& error) { return error.code != 0 || error.kind == ErrorKind::unknown; }

Result<doctor::NodeFacts> gathered(const CommandLine& line, double timeout_s) {
  const auto patience = GPUSLICE_TRY(duration("--timeout", timeout_s));
  const auto readers = std::make_shared<ops::Workers>(std::make_shared<node::Node>(), patience);
  line.driver_users.push_back(readers);
  const auto subject = open_subject(line, nullptr, timeout_s);
  if (!subject) {
    if (!is_about_driver(subject.error())) return std::unexpected(subject.error());
    const auto simulated = GPUSLICE_TRY(chosen_simulated_node(line.choice()));
    return ops::gather_without_driver(
        subject.error(), files_of(simulated, simulated.empty() ? std::string{} : sim::view_of(simulated)), *readers);
  }
  // A simulated node keeps gpuslice's files in its own directory.
  const auto& store = subject->store.directory();
  return ops::gather(
      *subject, files_of(subject->real ? std::string{} : store.substr(0, store.rfind('/')), subject->root), *readers);
}

int exit_status(doctor::Verdict verdict) {
  switch (verdict) {
    case doctor::Verdict::healthy:
      return status(Exit::done);
    case doctor::Verdict::findings:
      return status(Exit::differs);
    case doctor::Verdict::unknown:
      return status(Exit::unknown);
  }
  return status(Exit::unknown);
}

void print(const CommandLine& line, const DoctorWords& words, const std::vector<doctor::Outcome>& outcomes) {
  if (words.output == "json") {
    line.terminal.out << report::json_text(diagnosis_json(outcomes, line.node), 2) << '\n';
    return;
  }
  line.terminal.out << diagnosis_text(outcomes, line.node) << std::flush;
  line.terminal.err << diagnosis_summary(outcomes) << '\n';
}

Result<std::vector<doctor::Outcome>> diagnosed(const CommandLine& line, const DoctorWords& words) {
  return doctor::diagnose(GPUSLICE_TRY(gathered(line, words.timeout_s)), words.only);
}

bool any_fixable(const std::vector<doctor::Outcome>& outcomes) {
  return std::ranges::any_of(outcomes, [](const doctor::Outcome& one) {
    return std::ranges::any_of(one.findings, &doctor::Finding::fixable);
  });
}

// Mends what is safe, by the same way as every change, and looks again.
Result<int> fix(const CommandLine& line, const DoctorWords& words) {
  const auto outcomes = GPUSLICE_TRY(diagnosed(line, words));
  if (words.output != "json") print(line, words, outcomes);
  if (!any_fixable(outcomes)) {
    if (words.output == "json") print(line, words, outcomes);
    line.terminal.err << "nothing that --fix can do\n";
    return exit_status(doctor::verdict_of(outcomes));
  }
  ChangeWords change;
  change.dry_run = words.dry_run;
  change.yes = words.yes;
  change.output = words.output == "json" ? "json" : "table";
  const auto done = GPUSLICE_TRY(change_node(line, change, "doctor --fix", ops::plan_missing_compute));
  if (done != 0 || words.dry_run) return done;
  const auto after = GPUSLICE_TRY(diagnosed(line, words));
  if (words.output != "json") line.terminal.err << "after it: " << diagnosis_summary(after) << '\n';
  return exit_status(doctor::verdict_of(after));
}

Result<int> run(const CommandLine& line, const DoctorWords& words) {
  GPUSLICE_CHECK(check_ids(words.only));
  if (words.list) {
    if (words.output == "json")
      line.terminal.out << report::json_text(check_list_json(), 2) << '\n';
    else
      line.terminal.out << check_list();
    return 0;
  }
  if (words.fix) return fix(line, words);
  const auto outcomes = GPUSLICE_TRY(diagnosed(line, words));
  print(line, words, outcomes);
  return exit_status(doctor::verdict_of(outcomes));
}

}  // namespace

void add_doctor_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("doctor", "Find out what is wrong with a node, and what to type next");
  auto words = std::make_shared<DoctorWords>();
  auto list = verb.add_flag("--list", words->list, "List the checks and explain each");
  verb.add_option("--only", words->only, "Make only these checks, comma separated")
      .type_name("ID")
      .delimiter(',')
      .allow_extra_args(false);
  auto fix = verb.add_flag("--fix", words->fix,
                           "Mend what is safe, after showing the plan: create missing compute instances in GPU "
                           "instances that gpuslice created");
  fix.excludes(list);
  verb.add_flag("--dry-run", words->dry_run, "Show the plan and change nothing").needs(fix);
  verb.add_flag("--yes", words->yes, "Do not ask before the change").needs(fix);
  verb.add_option("--timeout", words->timeout_s, "Limit each check to this time (default 10)").type_name("SECONDS");
  add_choice(verb, "--output", words->output, {"text", "json"}, "Print in this format (default text)");
  verb.footer(
      "Exit status: 0 healthy, 3 findings, 4 something could not be checked. What this user or this container\n"
      "may not read is listed as skipped.");
  verb.fallthrough();
  verb.callback([&line, words] { line.chosen = [&line, words] { return run(line, *words); }; });
}

}  // namespace gpuslice::cli
