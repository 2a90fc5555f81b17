#include "cli/program.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <sstream>
#include <string_view>

#include "base/descriptor_buffer.hpp"
#include "base/printable.hpp"
#include "cli/help_text.hpp"
#include "cli/option_words.hpp"
#include "cli/smi_verb.hpp"
#include "cli/usage.hpp"
#include "cli/verbs.hpp"
#include "cli/version.hpp"
#include "ops/workers.hpp"

namespace gpuslice::cli {
namespace {

constexpr std::size_t most_shown = 16384;  // bytes of an error text, which may quote a word of a megabyte

// All arguments after `smi` are passed on unchanged, including --help, so it is handled before parsing.
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
    // An empty --node is left to the command line parser, which refuses it.
    if (words[at] == "--node" && at + 1 < words.size() && !words[at + 1].empty())
      found.node = words[++at];
    else if (words[at].starts_with("--node=") && words[at].size() > 7)
      found.node = words[at].substr(7);
    else
      break;
  }
  return std::nullopt;
}

// Finds --node in arguments that could not be parsed.
std::string node_of(const std::vector<std::string>& words) {
  std::string node;
  for (std::size_t at = 0; at < words.size() && words[at] != "--"; ++at) {
    if (words[at] == "--node" && at + 1 < words.size()) node = words[at + 1];
    if (words[at].starts_with("--node=")) node = words[at].substr(7);
  }
  return choose_node(node).name;
}

Result<int> perform(const Action& action) {
  try {
    return action();
  } catch (const std::exception& thrown) {  // out of memory, or the output cannot be written
    return fail(ErrorKind::io, "", thrown.what());
  }
}

// Whether a command reads or changes a node.
bool is_about_a_node(const Hint::Command& command) {
  constexpr std::array<std::string_view, 5> of_no_node{"sim", "products", "schema", "layouts", "help"};
  const auto has = [&](std::string_view option) {
    return std::any_of(command.begin(), command.end(), [&](const auto& word) { return word.option == option; });
  };
  if (command.empty() || !command.front().option.empty()) return false;
  return std::find(of_no_node.begin(), of_no_node.end(), command.front().value) == of_no_node.end() && !has("for") &&
         !has("help");
}

// `--node NODE` if the command acts on a node.
Hint::Before on_node(const std::string& node) {
  return [&node](const Hint::Command& command) {
    return node.empty() || !is_about_a_node(command) ? Hint::Command{} : Hint::Command{{"node", node}};
  };
}

}  // namespace

std::string hint_text(const Hint& hint, const std::string& node) { return hint.line(on_node(node)); }

std::vector<std::string> hint_words(const Hint& hint, const std::string& node) {
  return hint.command() == nullptr ? std::vector<std::string>{} : arguments_of(*hint.command(), on_node(node));
}

int show(const Error& error, const Terminal& terminal, const std::string& node) {
  return show(error, terminal, exit_of(error.kind), node);
}

int show(const Error& error, const Terminal& terminal, Exit exit, const std::string& node) {
  // The text may be a list with one line per entry; an object and a hint are always one line.
  auto shown = error;
  shown.object = printable(error.object);
  shown.what = printable_lines(first_bytes(error.what, most_shown));
  if (error.what.size() > most_shown) shown.what += fmt::format(" ... ({} bytes in all)", error.what.size());
  terminal.err << (terminal.colour ? "\x1b[1;31mgpuslice:\x1b[0m " : "gpuslice: ") << shown.message() << '\n';
  if (!error.hint.empty()) terminal.err << "  try: " << printable(hint_text(error.hint, node)) << '\n';
  return status(exit);
}

CommandLine::CommandLine(const Terminal& where)
    : parser_(
          std::make_unique<CLI::App>("Partition NVIDIA GPUs with MIG, on a real host or a simulated node", "gpuslice")),
      app(parser_.get()),
      terminal(where) {}
CommandLine::~CommandLine() = default;

std::unique_ptr<CommandLine> make_command_line(const Terminal& terminal) {
  auto line = std::make_unique<CommandLine>(terminal);
  auto& app = line->app.parsed();
  app.require_subcommand(1);
  use_help_text(app);
  app.get_help_ptr()->description("Print help and exit");
  app.set_version_flag("--version", fmt::format("gpuslice {}", version), "Print the version and exit");
  line->app
      .add_option(
          "--node", line->node,
          "Act on this node: local or sim:NAME (default: GPUSLICE_NODE, else the node that the command runs in, "
          "else local)")
      .type_name("NODE")
      .check(not_empty("local or sim:NAME"));
  for (const auto add : verbs()) add(*line);
  // Set after the commands were added, because they would inherit it.
  line->app.footer(
      "gpuslice help COMMAND   prints the help of a command.\n"
      "gpuslice help TERM      explains a term, such as placement or +me.\n"
      "gpuslice help terms     lists the terms.\n");
  return line;
}

bool CommandLine::driver_is_hung() const {
  for (const auto& users : driver_users) users->close();
  return std::any_of(driver_users.begin(), driver_users.end(), [](const auto& users) { return users->any_hung(); });
}

std::optional<int> run_if_smi(const std::vector<std::string>& words) {
  const auto smi = smi_words(words);
  if (!smi) return std::nullopt;
  return run_smi(choose_node(smi->node), smi->arguments);
}

int run_program(CommandLine& line, const std::vector<std::string>& words) {
  const auto& terminal = line.terminal;
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // CLI11 takes the arguments in reverse order
    line.app.parsed().parse(reversed);
  } catch (const CLI::Success& done) {  // --help and --version
    std::ostringstream said;
    line.app.parsed().exit(done, said, terminal.err);
    auto text = said.str();
    text.erase(text.find_last_not_of(" \n") + 1);
    terminal.out << text << '\n';
    line.chosen = [] { return 0; };
  } catch (const CLI::ParseError& error) {
    return show(usage_error(line.app.parsed(), error), terminal, node_of(words));
  }
  const auto chosen = choose_node(line.node);
  line.node = chosen.name;
  line.node_from_environment = chosen.from_environment;
  if (!line.chosen)
    return show({ErrorKind::usage, "", "no command was given", Hint::gpuslice({Hint::flag("help")})}, terminal);
  const auto ended = perform(line.chosen);
  terminal.out.flush();
  if (!terminal.out)
    return show(
        {ErrorKind::io, "standard output",
         write_error_text(terminal.out) + (line.changed ? "; the change itself is done, only its output is lost" : ""),
         ""},
        terminal);
  return ended ? *ended : show(ended.error(), terminal, line.node);
}

}  // namespace gpuslice::cli
