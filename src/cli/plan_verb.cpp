// `gpuslice plan`: the steps to a layout, for a node, a saved inventory, or a product without a node.
#include <algorithm>
#include <memory>
#include <optional>

#include "cli/change_words.hpp"
#include "cli/layout_words.hpp"
#include "cli/option_words.hpp"
#include "cli/outcome_text.hpp"
#include "cli/plan_view.hpp"
#include "cli/slices_view.hpp"
#include "cli/verbs.hpp"
#include "cli/verdict_view.hpp"
#include "plan/planner.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {
namespace {

struct PlanWords {
  LayoutWords layout;
  WhereWords where;
  std::string output{"table"};
};

// The state that a change would start from. If a change was interrupted, it is that after the recovery that comes
// first.
struct Beginning {
  model::Inventory inventory;
  std::optional<ops::Start> with_recovery{};
};
Result<Beginning> beginning_of(const CommandLine& line, const WhereWords& where, const ops::SettingsOf& settings_of) {
  const bool of_node = where.products.empty() && where.inventory_file.empty();
  if (!of_node) return Beginning{GPUSLICE_TRY(read_where(line, where))};
  auto subject = GPUSLICE_TRY(open_subject(line));
  subject.settings_of = settings_of;
  if (subject.store.locked()) return Beginning{GPUSLICE_TRY(read_where(line, where, settings_of))};
  auto start = GPUSLICE_TRY(ops::foresee(subject));
  warn_damaged(start.problems, line);
  if (!start.recovery) return Beginning{std::move(start.after_recovery)};
  ops::Seen seen;
  seen.cut_off = start.recovery->transaction;
  warn_cut_off(seen, line);
  if (!start.recovery->remains.empty())
    return std::unexpected(cannot_recover(start.recovery->transaction.number, start.recovery->remains));
  return Beginning{start.after_recovery, std::move(start)};
}

nlohmann::ordered_json recovery_of(const Beginning& beginning) {
  if (!beginning.with_recovery) return nullptr;
  const auto& recovery = *beginning.with_recovery->recovery;
  return {{"number", recovery.transaction.number},
          {"verb", recovery.transaction.verb},
          {"user", recovery.transaction.user},
          {"started", recovery.transaction.started},
          {"complete", recovery.complete}};
}

// If the names of instances cannot be read, an instance in the way may be one that gpuslice created: the answer is
// unknown.
void doubt(Error& error, const model::Inventory& inventory) {
  const bool known =
      std::all_of(inventory.gpus.begin(), inventory.gpus.end(), [](const auto& gpu) { return gpu.made_known; });
  if (known || error.kind != ErrorKind::refused) return;
  error.kind = ErrorKind::unknown;
  error.what += "\nit is unknown which instances gpuslice created, because their names cannot be read";
  error.hint = {};
}

Result<int> plan_it(const CommandLine& line, const PlanWords& words) {
  auto read = GPUSLICE_TRY(read_layout(words.layout));
  const auto beginning = GPUSLICE_TRY(beginning_of(line, words.where, ops::settings_declared_by(read)));
  const auto& inventory = beginning.inventory;
  const auto layout = layout_for(inventory, std::move(read), line.terminal);
  auto& out = line.terminal.out;
  auto planned = plan::try_layout(inventory, layout);
  if (!planned) {
    auto& [error, refusals] = planned.error();
    doubt(error, inventory);
    if (words.output == "json") {
      auto document = no_plan_json(error, refusals, line.node);
      document["recovery"] = recovery_of(beginning);
      out << report::json_text(document, 2) << '\n';
    }
    return std::unexpected(error);
  }
  const auto& plan = *planned;
  const auto verdict = ops::verdict_of(inventory, plan, false);
  const auto note = verdict_text(verdict);
  if (words.output == "json") {
    auto document = plan_json(inventory, plan, verdict);
    document["recovery"] = recovery_of(beginning);
    out << report::json_text(document, 2) << '\n';
  } else if (words.output == "svg") {
    out << plan_svg(inventory, plan, note);
  } else {
    if (beginning.with_recovery) out << recovery_text(*beginning.with_recovery);
    out << (words.output == "drawing" ? plan_drawing(inventory, plan) : plan_text(inventory, plan))
        << (note.empty() ? "" : note + "\n");
  }
  return status(exit_of(verdict));
}

}  // namespace

void add_plan_verb(CommandLine& line) {
  auto verb =
      line.app.add_subcommand("plan", "Show the steps to a layout, which processes they stop and which keep running");
  auto words = std::make_shared<PlanWords>();
  add_layout_options(verb, words->layout);
  add_where_options(verb, words->where);
  add_choice(verb, "--output", words->output, {"table", "json", "drawing", "svg"},
             "Print in this format (default table); drawing and svg show the slices before and after");
  verb.callback([&line, words] { line.chosen = [&line, words] { return plan_it(line, *words); }; });
}

}  // namespace gpuslice::cli
