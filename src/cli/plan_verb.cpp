// `gpuslice plan`: what a layout takes, on a node, on a saved inventory, or on a product that is not there.
#include <algorithm>
#include <memory>

#include "cli/change_words.hpp"
#include "cli/layout_words.hpp"
#include "cli/option_words.hpp"
#include "cli/outcome_text.hpp"
#include "cli/plan_view.hpp"
#include "cli/verbs.hpp"
#include "plan/planner.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {
namespace {

struct PlanWords {
  LayoutWords layout;
  WhereWords where;
  std::string output{"table"};
};

// What a change of it would start from: while a change is cut off, the node after the recovery that comes first.
Result<model::Inventory> start_of(const CommandLine& line, const WhereWords& where) {
  if (!where.products.empty() || !where.inventory_file.empty()) return read_where(line, where);
  const auto subject = GPUSLICE_TRY(open_subject(line));
  if (subject.store.locked()) return read_where(line, where);
  auto start = GPUSLICE_TRY(ops::foresee(subject));
  warn_damaged(start.problems, line);
  if (!start.recovery) return std::move(start.after_recovery);
  ops::Seen seen;
  seen.cut_off = start.recovery->transaction;
  warn_cut_off(seen, line);
  if (!start.recovery->remains.empty())
    return std::unexpected(cannot_recover(start.recovery->transaction.number, start.recovery->remains));
  return std::move(start.after_recovery);
}

Result<int> plan_it(const CommandLine& line, const PlanWords& words) {
  const auto layout = GPUSLICE_TRY(read_layout(words.layout));
  const auto inventory = GPUSLICE_TRY(start_of(line, words.where));
  auto planned = plan::plan_layout(inventory, layout);
  const bool known =
      std::all_of(inventory.gpus.begin(), inventory.gpus.end(), [](const auto& gpu) { return gpu.made_known; });
  if (!planned && planned.error().kind == ErrorKind::refused && !known) {
    // What is in the way may be our own.
    auto& error = planned.error();
    error.kind = ErrorKind::unknown;
    error.what += "\nwhich instances gpuslice made is not known while their names cannot be read";
    error.hint = {};
  }
  const auto plan = GPUSLICE_TRY(std::move(planned));
  auto& out = line.terminal.out;
  if (words.output == "json")
    out << report::json_text(plan_json(inventory, plan), 2) << '\n';
  else if (words.output == "drawing")
    out << plan_drawing(inventory, plan);
  else if (words.output == "svg")
    out << plan_svg(inventory, plan);
  else
    out << plan_text(inventory, plan);
  return 0;
}

}  // namespace

void add_plan_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("plan", "Show the steps to a layout, what they stop and what keeps running");
  auto words = std::make_shared<PlanWords>();
  add_layout_options(verb, words->layout);
  add_where_options(verb, words->where);
  add_choice(verb, "--output", words->output, {"table", "json", "drawing", "svg"},
             "how to print it (default table); drawing and svg show the slices before and after");
  verb.callback([&line, words] { line.chosen = [&line, words] { return plan_it(line, *words); }; });
}

}  // namespace gpuslice::cli
