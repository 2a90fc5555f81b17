// `gpuslice restore`: brings a node back to the layout that it keeps, after a boot or after drift.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/change_words.hpp"
#include "cli/confirm.hpp"
#include "cli/interrupts.hpp"
#include "cli/kept.hpp"
#include "cli/option_words.hpp"
#include "cli/outcome_text.hpp"
#include "cli/schemas.hpp"
#include "cli/standing_view.hpp"
#include "cli/verbs.hpp"

namespace gpuslice::cli {
namespace {

struct RestoreWords {
  ChangeWords change;
  double driver_wait_s{};
};

// Waits for a driver that is loaded after this program starts, and for the GPUs that it finds later.
class DriverWait {
 public:
  DriverWait(const CommandLine& line, std::chrono::milliseconds longest, std::stop_token stop)
      : line_(line), until_(Clock::now() + longest), stop_(std::move(stop)) {}

  // The node, once every GPU of the layout is there and can be read; after the wait the node as it is then. Errors: the
  // driver's last one.
  [[nodiscard]] Result<ops::Subject> subject(const model::Layout& layout, const RestoreWords& words,
                                             const std::shared_ptr<Progress>& progress) {
    while (true) {
      auto opened = open_subject(line_, teller(progress), words.change.timeout_s);
      const auto why = missing(opened, layout);
      if (!why) return opened;
      if (Clock::now() >= until_ || stop_.stop_requested() || hangs(opened) || is_final(opened)) return opened;
      tell(*why);
      // The driver finds GPUs when it is opened, so it is opened again.
      if (opened) opened->workers->close();
      ops::this_host().sleep(pause);
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds pause{500};

  // What is not there yet; none: nothing.
  static std::optional<std::string> missing(const Result<ops::Subject>& opened, const model::Layout& layout) {
    if (!opened) return opened.error().message();
    const auto seen = ops::see(*opened);
    if (!seen) return seen.error().message();
    if (ops::all_present(seen->inventory, layout)) return std::nullopt;
    for (const auto& gpu : ops::standing_of(seen->inventory, layout, {}))
      if (gpu.reason && (!gpu.gpu || gpu.unknown())) return gpu.reason->message();
    return "not every GPU can be read";
  }
  // A driver that does not answer is not asked again: its calls would pile up.
  [[nodiscard]] bool hangs(const Result<ops::Subject>& opened) const {
    return (opened && opened->workers->any_hung()) ||
           (!line_.driver_users.empty() && line_.driver_users.back()->any_hung());
  }
  // Time changes nothing about these.
  static bool is_final(const Result<ops::Subject>& opened) {
    return !opened && (opened.error().kind == ErrorKind::usage || opened.error().kind == ErrorKind::permission);
  }
  void tell(const std::string& why) {
    if (why == told_) return;
    told_ = why;
    line_.terminal.err << "waiting for the driver: " << printable(why) << std::endl;
  }

  const CommandLine& line_;
  Clock::time_point until_;
  std::stop_token stop_;
  std::string told_;
};

Exit exit_of(const ops::Restoration& done) {
  if (done.complete()) return Exit::done;
  return done.unknown() ? Exit::unknown : Exit::failed;
}

void print_restored(const CommandLine& line, const RestoreWords& words, const ops::Restoration& done) {
  auto& err = line.terminal.err;
  print(restore_sheet(done.gpus), words.change.output, line.terminal.out);
  line.terminal.out << std::flush;
  if (done.recovered.transaction && done.recovered.remains.empty()) err << recovered_text(done.recovered) << '\n';
  for (const auto& one : done.recovered.remains)
    err << "gpuslice: note: not rolled back of an interrupted change: " << printable(one.message()) << '\n';
  // Several GPUs often fail for one reason.
  std::string told;
  for (const auto& gpu : done.gpus) {
    const auto why = why_not(gpu);
    if (!why || why->message() == told) continue;
    told = why->message();
    static_cast<void>(show(*why, line.terminal, line.node));
  }
  warn_damaged(done.problems, line);
}

Result<int> restore(const CommandLine& line, const RestoreWords& words) {
  GPUSLICE_CHECK(check_may_act(line.choice()));
  const auto file = GPUSLICE_TRY(kept_file(line));
  const auto layout = GPUSLICE_TRY(kept_layout(file));
  if (!layout) {
    if (words.change.output != "table") print(restore_sheet({}), words.change.output, line.terminal.out);
    line.terminal.err << "no layout is kept: nothing to restore\n";
    return 0;
  }
  auto options = GPUSLICE_TRY(change_options(words.change, store::restore_verb));
  std::chrono::milliseconds longest{0};
  if (words.driver_wait_s != 0) longest = GPUSLICE_TRY(duration("--wait-driver", words.driver_wait_s));
  const auto progress = progress_of(line, "table");
  const Interrupts interrupts([progress](int signal, bool again) { progress->interrupted(signal, again); });
  options.stop = interrupts.token();
  options.leave = interrupts.leave_token();
  auto subject = GPUSLICE_TRY(DriverWait(line, longest, options.stop).subject(*layout, words, progress));
  subject.settings_of = ops::settings_declared_by(*layout);
  options.confirm = confirmation(line.terminal, words.change.yes, subject.real, options.stop);
  const auto done = ops::restore(subject, options, *layout);
  if (!done) return failed(line, {}, done.error());
  line.changed = std::ranges::any_of(done->gpus, [](const ops::RestoredGpu& gpu) { return gpu.change != 0; });
  print_restored(line, words, *done);
  if (const auto signal = Interrupts::signal(); signal != 0 && !done->complete()) return 128 + signal;
  return status(exit_of(*done));
}

}  // namespace

report::schema::Json restore_schema() { return report::schema::rows(restore_heads()); }

void add_restore_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("restore", "Bring a node back to the layout that it keeps, as at boot");
  auto words = std::make_shared<RestoreWords>();
  verb.add_option("--wait-driver", words->driver_wait_s,
                  "Wait at most this long until the driver is loaded and every declared GPU answers")
      .type_name("SECONDS");
  verb.add_flag("--yes", words->change.yes, "Do not ask before instances that are not declared are destroyed");
  verb.add_option("--timeout", words->change.timeout_s,
                  "Limit one step, with the checks before and after it, to this time (default 120)")
      .type_name("SECONDS");
  add_wait_option(verb, words->change);
  add_choice(verb, "--output", words->change.output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.footer([] { return column_help(restore_heads()); });
  verb.fallthrough();
  verb.callback([&line, words] { line.chosen = [&line, words] { return restore(line, *words); }; });
}

}  // namespace gpuslice::cli
