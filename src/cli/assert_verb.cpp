// `gpuslice assert` and `gpuslice diff`: does a node match a layout; what differs between two layouts.
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

struct Ending {
  const char* word;
  Exit status;
};
Ending ending_of(ops::Match::Answer answer) {
  switch (answer) {
    case ops::Match::Answer::matches:
      return {"matches", Exit::done};
    case ops::Match::Answer::differs:
      return {"differs", Exit::differs};
    case ops::Match::Answer::unknown:
      break;
  }
  return {"unknown", Exit::unknown};
}

int print(const AssertWords& words, const Terminal& terminal, const model::Inventory& inventory,
          const ops::Match& match) {
  const auto ending = ending_of(match.answer);
  if (words.output == "json") {
    nlohmann::ordered_json document = {{"answer", ending.word}};
    if (match.reason) document["reason"] = match.reason->message();
    document["differences"] = difference_json(inventory, match.differences);
    terminal.out << report::json_text(document, 2) << '\n';
  } else {
    const auto text = match.reason ? match.reason->message() : difference_text(inventory, match.differences);
    terminal.out << ending.word << '\n' << printable_lines(text);
    if (!text.empty() && text.back() != '\n') terminal.out << '\n';
  }
  return status(ending.status);
}

// A layout that is wrong is the caller's error; what cannot be told of the node is the answer "unknown".
Result<int> assert_it(const CommandLine& line, const AssertWords& words) {
  const auto layout = GPUSLICE_TRY(read_layout(words.layout));
  const auto inventory = read_where(line, {});
  if (!inventory) return print(words, line.terminal, {}, {ops::Match::Answer::unknown, {}, inventory.error()});
  return print(words, line.terminal, *inventory, GPUSLICE_TRY(ops::match(*inventory, layout)));
}

struct DiffWords {
  std::vector<std::string> files;
  std::string configuration, second_configuration, output{"table"};
  WhereWords where;
};

Result<int> diff(const CommandLine& line, const DiffWords& words) {
  const auto first = GPUSLICE_TRY(read_layout(words.files[0], words.configuration));
  const auto inventory = GPUSLICE_TRY(read_where(line, words.where));
  const auto differences = [&]() -> Result<std::vector<ops::Difference>> {
    if (words.files.size() == 1 && words.second_configuration.empty()) return ops::differences_to(inventory, first);
    const auto& configuration = words.second_configuration.empty() ? words.configuration : words.second_configuration;
    return ops::differences_between(inventory, first, GPUSLICE_TRY(read_layout(words.files.back(), configuration)));
  }();
  if (!differences) return std::unexpected(differences.error());
  if (words.output == "json")
    line.terminal.out << report::json_text(difference_json(inventory, *differences), 2) << '\n';
  else
    line.terminal.out << printable_lines(difference_text(inventory, *differences));
  return status(differences->empty() ? Exit::done : Exit::differs);
}

}  // namespace

void add_assert_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("assert", "Say whether a node matches a layout: 0 matches, 3 differs, 4 unknown");
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
