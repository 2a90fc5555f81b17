// `gpuslice assert` and `gpuslice diff`: does a node match a layout; what differs between two layouts.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/printable.hpp"
#include "cli/change_words.hpp"
#include "cli/difference.hpp"
#include "cli/layout_words.hpp"
#include "cli/option_words.hpp"
#include "cli/verbs.hpp"
#include "plan/planner.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {
namespace {

constexpr int matches = status(Exit::done), differs = status(Exit::differs), unknown = status(Exit::unknown);

struct AssertWords {
  LayoutWords layout;
  std::string output{"table"};
};

int answer(const AssertWords& words, const Terminal& terminal, int result, const std::string& text,
           const nlohmann::ordered_json& differences) {
  const char* word = result == matches ? "matches" : result == differs ? "differs" : "unknown";
  if (words.output == "json") {
    nlohmann::ordered_json document = {{"answer", word}};
    if (result == unknown || (result == differs && differences.empty())) document["reason"] = text;
    document["differences"] = differences;
    terminal.out << report::json_text(document, 2) << '\n';
  } else {
    terminal.out << word << '\n' << printable_lines(text);
    if (!text.empty() && text.back() != '\n') terminal.out << '\n';
  }
  return result;
}

// A layout that is wrong is the caller's error; what cannot be told of the node is the answer "unknown".
Result<int> assert_it(const CommandLine& line, const AssertWords& words) {
  const auto layout = GPUSLICE_TRY(read_layout(words.layout));
  const auto none = nlohmann::ordered_json::array();
  const auto inventory = read_where(line, {});
  if (!inventory) return answer(words, line.terminal, unknown, inventory.error().message(), none);
  // Without them nobody can tell which instances are gpuslice's.
  const bool names_known =
      std::all_of(inventory->gpus.begin(), inventory->gpus.end(), [](const auto& gpu) { return gpu.made_known; });
  const auto plan = plan::plan_layout(*inventory, layout);
  if (!plan) {
    const auto& error = plan.error();
    if (error.kind == ErrorKind::unknown) return answer(words, line.terminal, unknown, error.message(), none);
    if (error.kind == ErrorKind::usage) return std::unexpected(error);
    return answer(words, line.terminal, names_known ? differs : unknown, error.message(), none);
  }
  const auto text = difference_text(*inventory, *plan);
  if (!text.empty() && !names_known)
    return answer(words, line.terminal, unknown, "the names of instances cannot be read; gpuslice list says why", none);
  return answer(words, line.terminal, text.empty() ? matches : differs, text, difference_json(*inventory, *plan));
}

struct DiffWords {
  std::vector<std::string> files;
  std::string configuration, second_configuration, output{"table"};
  WhereWords where;
};

// What stands when a layout was applied to GPUs on which nothing stood.
Result<model::Inventory> applied(model::Inventory inventory, const model::Layout& layout) {
  for (auto& gpu : inventory.gpus) {
    gpu.state.mig.mode = gpu.state.mig.pending = false;
    gpu.state.mig.partition = {};
    gpu.made.clear();
    gpu.clients.clear();
    gpu.devices.clear();
  }
  const auto plan = GPUSLICE_TRY(plan::plan_layout(inventory, layout));
  for (const auto& one : plan.gpus)
    for (auto& gpu : inventory.gpus)
      if (gpu.index == one.gpu) {
        gpu.state = one.after;
        gpu.made = one.made;
      }
  return inventory;
}

Result<int> diff(const CommandLine& line, const DiffWords& words) {
  const auto first = GPUSLICE_TRY(read_layout(words.files[0], words.configuration));
  auto inventory = GPUSLICE_TRY(read_where(line, words.where));
  auto second = first;
  if (words.files.size() == 2 || !words.second_configuration.empty()) {
    second = GPUSLICE_TRY(read_layout(
        words.files.back(), words.second_configuration.empty() ? words.configuration : words.second_configuration));
    inventory = GPUSLICE_TRY(applied(inventory, first));
  }
  const auto plan = GPUSLICE_TRY(plan::plan_layout(inventory, second));
  const auto text = difference_text(inventory, plan);
  if (words.output == "json")
    line.terminal.out << report::json_text(difference_json(inventory, plan), 2) << '\n';
  else
    line.terminal.out << printable_lines(text);
  return text.empty() ? matches : differs;
}

}  // namespace

void add_assert_verb(CommandLine& line) {
  auto verb =
      line.app.add_subcommand("assert", "Say whether a node matches a layout: 0 matches, 3 differs, 4 unknown");
  auto words = std::make_shared<AssertWords>();
  add_layout_options(verb, words->layout);
  add_choice(verb, "--output", words->output, {"table", "json"}, "how to print the answer (default table)");
  verb.fallthrough();
  verb.callback([&line, words] { line.chosen = [&line, words] { return assert_it(line, *words); }; });
}

void add_diff_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("diff", "Show what differs between a node and a layout, or two layouts");
  auto words = std::make_shared<DiffWords>();
  verb.add_option("FILE", words->files, "one layout, compared with the node; or two, from the first to the second")
      .required()
      .expected(1, 2);
  verb.add_option("-c,--config", words->configuration, "which configuration").type_name("NAME");
  verb.add_option("--to-config", words->second_configuration,
                   "which configuration of the second, or of the same file: compares two of one file")
      .type_name("NAME");
  add_where_options(verb, words->where);
  add_choice(verb, "--output", words->output, {"table", "json"}, "how to print it (default table)");
  verb.callback([&line, words] { line.chosen = [&line, words] { return diff(line, *words); }; });
}

}  // namespace gpuslice::cli
