// `gpuslice status`: what the kept layout declares, what is there, and since when they differ.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/change_words.hpp"
#include "cli/kept.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/standing_view.hpp"
#include "cli/verbs.hpp"

namespace gpuslice::cli {
namespace {

struct StatusWords {
  std::string output{"table"};
  double timeout_s{reading_timeout_s};
};

Result<int> status_of(const CommandLine& line, const StatusWords& words) {
  const auto& terminal = line.terminal;
  const auto file = GPUSLICE_TRY(kept_file(line));
  const auto layout = GPUSLICE_TRY(kept_layout(file));
  if (!layout) {
    if (words.output != "table") print(status_sheet({}), words.output, terminal.out);
    terminal.err << "no layout is kept\n  try: "
                 << hint_text(Hint::gpuslice({"keep", Hint::flag("current")}), line.node) << '\n';
    return 0;
  }
  auto subject = GPUSLICE_TRY(open_subject(line, nullptr, words.timeout_s));
  subject.settings_of = ops::settings_declared_by(*layout);
  const auto seen = GPUSLICE_TRY(ops::see(subject));
  const auto history = subject.store.history().value_or(std::vector<store::Transaction>{});
  const auto gpus = ops::standing_of(seen.inventory, *layout, history);
  print(status_sheet(gpus), words.output, terminal.out);
  for (const auto& gpu : gpus)
    if (gpu.reason) static_cast<void>(show(*gpu.reason, terminal, line.node));
  warn_cut_off(seen, line);
  if (std::ranges::any_of(gpus, &ops::GpuStanding::unknown)) return status(Exit::unknown);
  return status(std::ranges::all_of(gpus, &ops::GpuStanding::matches) ? Exit::done : Exit::differs);
}

}  // namespace

report::schema::Json status_schema() { return report::schema::rows(status_heads()); }

void add_status_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("status", "Compare a node with the layout that it keeps, object by object");
  auto words = std::make_shared<StatusWords>();
  add_choice(verb, "--output", words->output, {"table", "json", "csv"}, "Print in this format (default table)");
  add_reading_timeout(verb, words->timeout_s);
  verb.footer([] { return column_help(status_heads()); });
  verb.fallthrough();
  verb.callback([&line, words] { line.chosen = [&line, words] { return status_of(line, *words); }; });
}

}  // namespace gpuslice::cli
