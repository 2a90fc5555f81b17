// `gpuslice assert` and `gpuslice diff`: whether a node matches a layout, and the differences between two layouts.
#include <memory>

#include "base/printable.hpp"
#include "cli/difference.hpp"
#include "cli/layout_words.hpp"
#include "cli/option_words.hpp"
#include "cli/verbs.hpp"
#include "ops/compare.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {
namespace {

struct AssertWords {
  LayoutWords layout;
  std::string output{"table"};
};

Exit exit_of(ops::Match::Answer answer) {
  switch (answer) {
    case ops::Match::Answer::matches:
      return Exit::done;
    case ops::Match::Answer::differs:
      return Exit::differs;
    case ops::Match::Answer::unknown:
      break;
  }
  return Exit::unknown;
}

int print(const std::string& output, const CommandLine& line, const model::Inventory& inventory,
          const ops::Match& match) {
  auto& out = line.terminal.out;
  if (output == "json") {
    out << report::json_text(match_json(inventory, match, line.node), 2) << '\n';
  } else {
    const auto text = match.reason ? match.reason->message() : difference_text(inventory, match.differences);
    out << word(match.answer) << '\n' << printable_lines(text);
    if (!text.empty() && text.back() != '\n') out << '\n';
  }
  return status(exit_of(match.answer));
}

// An invalid layout is an error of the caller. A node that cannot be read gives the answer "unknown".
Result<int> assert_it(const CommandLine& line, const AssertWords& words) {
  const auto layout = GPUSLICE_TRY(read_layout(words.layout));
  const auto inventory = read_where(line, {}, ops::settings_declared_by(layout));
  if (!inventory) return print(words.output, line, {}, {ops::Match::Answer::unknown, {}, inventory.error()});
  return print(words.output, line, *inventory,
               GPUSLICE_TRY(ops::match(*inventory, layout_for(*inventory, layout, line.terminal))));
}

struct DiffWords {
  std::vector<std::string> files;
  std::string configuration, second_configuration, output{"table"};
  WhereWords where;
};

Result<int> diff(const CommandLine& line, const DiffWords& words) {
  const auto first_read = GPUSLICE_TRY(read_layout(words.files[0], words.configuration));
  const auto inventory = GPUSLICE_TRY(read_where(line, words.where, ops::settings_declared_by(first_read)));
  const auto first = layout_for(inventory, first_read, line.terminal);
  // A node is compared as `assert` compares it, with the same answer where it cannot be.
  const bool with_node = words.files.size() == 1 && words.second_configuration.empty();
  const auto match = [&]() -> Result<ops::Match> {
    if (with_node) return ops::match(inventory, first);
    const auto& configuration = words.second_configuration.empty() ? words.configuration : words.second_configuration;
    auto second = GPUSLICE_TRY(read_layout(words.files.back(), configuration));
    auto differences = GPUSLICE_TRY(
        ops::differences_between(inventory, first, layout_for(inventory, std::move(second), line.terminal)));
    using Answer = ops::Match::Answer;
    return ops::Match{differences.empty() ? Answer::matches : Answer::differs, std::move(differences), {}};
  }();
  if (!match) return std::unexpected(match.error());
  if (words.output == "json")
    line.terminal.out << report::json_text(match_json(inventory, *match, line.node), 2) << '\n';
  else if (match->reason)
    show(*match->reason, line.terminal, line.node);
  else
    line.terminal.out << printable_lines(difference_text(inventory, match->differences));
  return status(exit_of(match->answer));
}

}  // namespace

void add_assert_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand(
      "assert", "Check whether a node matches a layout: exit status 0 matches, 3 differs, 4 unknown");
  auto words = std::make_shared<AssertWords>();
  add_layout_options(verb, words->layout);
  add_choice(verb, "--output", words->output, {"table", "json"}, "Print in this format (default table)");
  verb.fallthrough();
  verb.callback([&line, words] { line.chosen = [&line, words] { return assert_it(line, *words); }; });
}

void add_diff_verb(CommandLine& line) {
  auto verb =
      line.app.add_subcommand("diff", "Show the differences between a node and a layout, or between two layouts");
  auto words = std::make_shared<DiffWords>();
  verb.add_option("FILE", words->files, "A layout to compare the node with, or two layouts to compare with each other")
      .required()
      .expected(1, 2);
  verb.add_option("-c,--config", words->configuration, "Use this configuration of the first file").type_name("NAME");
  verb.add_option("--to-config", words->second_configuration,
                  "Use this configuration of the second file, or compare two configurations of one file")
      .type_name("NAME");
  add_where_options(verb, words->where);
  add_choice(verb, "--output", words->output, {"table", "json"}, "Print in this format (default table)");
  verb.callback([&line, words] { line.chosen = [&line, words] { return diff(line, *words); }; });
}

}  // namespace gpuslice::cli
