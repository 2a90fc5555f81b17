#include "cli/program.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <optional>
#include <sstream>
#include <string_view>

#include "base/printable.hpp"
#include "cli/option_words.hpp"
#include "cli/smi_verb.hpp"
#include "cli/usage.hpp"
#include "cli/verbs.hpp"
#include "cli/version.hpp"
#include "ops/workers.hpp"

namespace gpuslice::cli {
namespace {

constexpr std::string_view program_word = "gpuslice ";
constexpr std::size_t most_shown = 16384;  // bytes of what happened: a word of a file may be a megabyte

// `smi` hands everything behind it through untouched, its own --help included, so it is taken out before parsing.
struct SmiWords {
  std::string node;
  std::vector<std::string> arguments;
};
std::optional<SmiWords> smi_words(const std::vector<std::string>& words) {
  SmiWords found;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at] == "smi") {
      found.arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
      return found;
    }
    // An empty one is left to the command line, which refuses it.
    if (words[at] == "--node" && at + 1 < words.size() && !words[at + 1].empty())
      found.node = words[++at];
    else if (words[at].starts_with("--node=") && words[at].size() > 7)
      found.node = words[at].substr(7);
    else
      break;
  }
  return std::nullopt;
}

// What --node says, for words that the parser did not get through.
std::string node_of(const std::vector<std::string>& words) {
  std::string node;
  for (std::size_t at = 0; at < words.size() && words[at] != "--"; ++at) {
    if (words[at] == "--node" && at + 1 < words.size()) node = words[at + 1];
    if (words[at].starts_with("--node=")) node = words[at].substr(7);
  }
  return node;
}

Result<int> perform(const Action& action) {
  try {
    return action();
  } catch (const std::exception& thrown) {  // no memory, or an output that takes no more
    return fail(ErrorKind::io, "", thrown.what());
  }
}

// "gpuslice VERB ..." that asks, or changes, a node.
bool is_about_a_node(std::string_view command) {
  constexpr std::array<std::string_view, 5> of_no_node{"-", "sim ", "products", "schema", "layouts"};
  command.remove_prefix(program_word.size());
  return std::none_of(of_no_node.begin(), of_no_node.end(), [&](auto verb) { return command.starts_with(verb); }) &&
         command.find(" --for ") == std::string_view::npos && command.find(" --help") == std::string_view::npos;
}

}  // namespace

std::string on_the_same_node(std::string advice, const std::string& node) {
  if (node.empty()) return advice;
  for (std::size_t at = 0; (at = advice.find(program_word, at)) != std::string::npos; at += program_word.size()) {
    // A command stands at the beginning, behind a colon, or in brackets; elsewhere it is the program that is spoken of.
    const bool begins = at == 0 || advice[at - 1] == '(' || (at > 1 && advice.compare(at - 2, 2, ": ") == 0);
    if (begins && is_about_a_node(std::string_view(advice).substr(at)))
      advice.insert(at + program_word.size(), "--node " + shell_word(node) + " ");
  }
  return advice;
}

int show(const Error& error, const Terminal& terminal) { return show(error, terminal, exit_of(error.kind)); }

int show(const Error& error, const Terminal& terminal, Exit exit) {
  // What happened may be a list, of a line each; an object and a hint are one line.
  auto shown = error;
  shown.object = printable(error.object);
  shown.what = printable_lines(first_bytes(error.what, most_shown));
  if (error.what.size() > most_shown) shown.what += fmt::format(" ... ({} bytes in all)", error.what.size());
  terminal.err << (terminal.colour ? "\x1b[1;31mgpuslice:\x1b[0m " : "gpuslice: ") << shown.message() << '\n';
  if (!error.hint.empty()) terminal.err << "  try: " << printable(error.hint) << '\n';
  return status(exit);
}

CommandLine::CommandLine(const Terminal& where)
    : parser_(std::make_unique<CLI::App>(
          "Partition NVIDIA GPUs with MIG, and try all of it on simulated nodes that need no GPU", "gpuslice")),
      app(parser_.get()),
      terminal(where) {}
CommandLine::~CommandLine() = default;

std::unique_ptr<CommandLine> make_command_line(const Terminal& terminal) {
  auto line = std::make_unique<CommandLine>(terminal);
  auto& app = line->app.parsed();
  app.require_subcommand(1);
  app.get_help_ptr()->description("Print help, of the program or of a verb, and exit");
  app.set_version_flag("--version", fmt::format("gpuslice {}", version), "Print the version and exit");
  line->app.add_option("--node", line->node, "the node: local (default where a driver answers) or sim:NAME")
      .type_name("NODE")
      .check(not_empty("local or sim:NAME"));
  for (const auto add : verbs()) add(*line);
  return line;
}

bool CommandLine::driver_is_hung() const {
  return std::any_of(driver_users.begin(), driver_users.end(), [](const auto& users) { return users->any_hung(); });
}

std::optional<int> run_if_smi(const std::vector<std::string>& words) {
  const auto smi = smi_words(words);
  if (!smi) return std::nullopt;
  return run_smi(smi->node, smi->arguments);
}

int run_program(CommandLine& line, const std::vector<std::string>& words) {
  const auto& terminal = line.terminal;
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // the order CLI11 wants
    line.app.parsed().parse(reversed);
  } catch (const CLI::Success& done) {  // --help and --version
    // CLI11 of some distributions ends its help with blank lines.
    std::ostringstream said;
    line.app.parsed().exit(done, said, terminal.err);
    auto text = said.str();
    text.erase(text.find_last_not_of(" \n") + 1);
    terminal.out << text << '\n';
    line.chosen = [] { return 0; };
  } catch (const CLI::ParseError& error) {
    auto wrong = usage_error(line.app.parsed(), error);
    wrong.hint = on_the_same_node(wrong.hint, node_of(words));
    return show(wrong, terminal);
  }
  if (!line.chosen) return show({ErrorKind::usage, "", "these words ask for nothing", "gpuslice --help"}, terminal);
  auto ended = perform(line.chosen);
  if (!ended) ended.error().hint = on_the_same_node(ended.error().hint, line.node);
  terminal.out.flush();
  // Verbs may also write through stdio; a full disk shows at the latest here.
  if (!terminal.out || std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    return show(
        {ErrorKind::io, "standard output",
         line.changed ? "cannot be written (is the disk full?); the change itself is done, only its output is lost"
                      : "cannot be written (is the disk full?)",
         ""},
        terminal);
  return ended ? *ended : show(ended.error(), terminal);
}

}  // namespace gpuslice::cli
