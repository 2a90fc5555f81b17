#include "cli/help_text.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <memory>
#include <string_view>
#include <vector>

#include "cli/examples.hpp"
#include "cli/option_words.hpp"
#include "cli/terms.hpp"
#include "cli/wrap.hpp"

namespace gpuslice::cli {
namespace {

constexpr std::size_t help_column = 26;

// The heading under which a command is listed, in the order of --help.
struct CommandGroup {
  std::string_view heading;
  std::vector<std::string_view> commands;
};
const std::vector<CommandGroup>& command_groups() {
  static const std::vector<CommandGroup> groups = {
      {"Look at a node", {"list", "who", "query", "doctor", "profiles", "placements"}},
      {"Use a GPU or an instance", {"resolve", "run", "cdi"}},
      {"Work with layout files", {"plan", "apply", "assert", "diff", "export", "convert", "schema"}},
      {"Change single GPUs and instances", {"create", "destroy", "enable", "disable", "reset"}},
      {"Go back", {"undo", "history", "recover"}},
      {"Bring a layout back at boot", {"keep", "restore", "status"}},
      {"Look up GPU models", {"products", "layouts"}},
      {"Simulated nodes", {"sim", "smi"}},
      {"gpuslice itself", {"help", "completion", "man", "version"}}};
  return groups;
}

// The heading under which an option is listed, for commands with too many options for one list.
constexpr std::size_t single_list = 5;
struct OptionGroup {
  std::string_view heading;
  std::vector<std::string_view> names;
};
const std::vector<OptionGroup>& option_groups() {
  static const std::vector<OptionGroup> groups = {
      {"Layout options", {"--file", "--config", "--to-config"}},
      {"Options without a node", {"--for", "--from", "--driver", "--sources"}},
      {"Options of the change",
       {"--dry-run", "--force", "--grace", "--stop-unit", "--before", "--after", "--timeout", "--wait", "--yes"}},
      {"Output options", {"--output", "--columns", "--format", "--select"}}};
  return groups;
}

bool is_general(const CLI::App& app, const CLI::Option& option) {
  return &option == app.get_help_ptr() || (app.get_parent() == nullptr && !is_positional(option));
}

// "  left     text", with the text in one column; on the next line if `left` is too long.
std::string entry(const std::string& left, const std::string& text) {
  auto line = "  " + left;
  if (line.size() + 2 > help_column)
    line += "\n" + std::string(help_column, ' ');
  else
    line.resize(help_column, ' ');
  return line + wrapped(text, help_column, help_column) + "\n";
}

// Choices that do not fit into a line are listed after the text instead: "--event EVENT".
std::string entry(const CLI::App& app, const CLI::Option& option) {
  auto names = fmt::format("{}", fmt::join(spellings(option), ", "));
  auto value = value_word(option);
  auto help = help_of(app, option);
  if (const auto words = choices(option); !is_positional(option) && names.size() + value.size() > help_width - 4) {
    help += fmt::format(": {}", fmt::join(words, ", "));
    value = spellings(option).back().substr(2);
    std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) { return std::toupper(c); });
  }
  if (!value.empty()) names += (names.empty() ? "" : " ") + value;
  return entry(names + (takes_several(option) ? "..." : ""), help);
}

std::string options_of(const CLI::App& app) {
  std::vector<const CLI::Option*> own;
  std::string arguments;
  std::string general;
  for (const auto* option : options(app)) {
    if (is_positional(*option))
      arguments += entry(app, *option);
    else if (is_general(app, *option))
      general += entry(app, *option);
    else
      own.push_back(option);
  }
  std::string out;
  if (!arguments.empty()) out += "\nArguments:\n" + arguments;
  const auto in = [](const CLI::Option* option, const OptionGroup& group) {
    const auto names = spellings(*option);
    return std::find(group.names.begin(), group.names.end(), names.back()) != group.names.end();
  };
  const auto grouped = [&](const CLI::Option* option) {
    return own.size() > single_list && std::any_of(option_groups().begin(), option_groups().end(),
                                                   [&](const auto& one) { return in(option, one); });
  };
  std::string plain;
  for (const auto* option : own)
    if (!grouped(option)) plain += entry(app, *option);
  if (!plain.empty()) out += "\nOptions:\n" + plain;
  for (const auto& group : option_groups()) {
    std::string list;
    for (const auto* option : own)
      if (grouped(option) && in(option, group)) list += entry(app, *option);
    if (!list.empty()) out += fmt::format("\n{}:\n{}", group.heading, list);
  }
  // Options of the parent command that may also follow this command, such as --node.
  if (app.get_parent() != nullptr && app.get_fallthrough())
    for (const auto* option : options(*app.get_parent()))
      if (!is_positional(*option) && !value_word(*option).empty()) general += entry(*app.get_parent(), *option);
  return general.empty() ? out : out + "\nGeneral options:\n" + general;
}

std::string commands_of(const CLI::App& app) {
  std::vector<const CLI::App*> left;
  for (const auto* sub : subcommands(app))
    if (!sub->get_group().empty()) left.push_back(sub);
  if (left.empty()) return {};
  std::string out;
  const auto list = [&](std::string_view heading, const auto& belongs) {
    std::string lines;
    for (auto& sub : left) {
      if (sub == nullptr || !belongs(sub->get_name())) continue;
      lines += entry(sub->get_name(), sub->get_description());
      sub = nullptr;
    }
    if (!lines.empty()) out += fmt::format("\n{}:\n{}", heading, lines);
  };
  if (app.get_parent() == nullptr)
    for (const auto& group : command_groups())
      list(group.heading, [&](const std::string& name) {
        return std::find(group.commands.begin(), group.commands.end(), name) != group.commands.end();
      });
  list(app.get_parent() == nullptr ? "Other commands" : "Commands", [](const std::string&) { return true; });
  return out;
}

std::string examples_of(const std::string& path) {
  std::string out;
  for (const auto& example : examples())
    if (example.command == path) out += fmt::format("  # {}\n  {}\n", example.what, example.line);
  return out.empty() ? out : "\nExamples:\n" + out;
}

class HelpText : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override { return help_text(*app); }
};

}  // namespace

void use_help_text(CLI::App& app) { app.formatter(std::make_shared<HelpText>()); }

std::string command_path(const CLI::App& app) {
  if (app.get_parent() == nullptr) return {};
  const auto above = command_path(*app.get_parent());
  return above.empty() ? app.get_name() : above + " " + app.get_name();
}

std::string usage_line(const CLI::App& app, bool all_options) {
  const auto path = command_path(app);
  auto text = path.empty() ? app.get_name() : "gpuslice " + path;
  std::string arguments;
  bool more = false;
  for (const auto* option : options(app)) {
    if (option == app.get_help_ptr()) continue;
    auto words = usage_of(*option) + (takes_several(*option) ? "..." : "");
    if (!is_positional(*option) && !option->get_required() && !all_options)
      more = true;
    else
      (is_positional(*option) ? arguments : text) += option->get_required() ? " " + words : " [" + words + "]";
  }
  if (more || (app.get_parent() == nullptr && !all_options)) text += " [OPTIONS]";
  // The options of the command that is run come after `--`.
  const bool runs = app.get_option_no_throw("COMMAND") != nullptr;
  if (runs && arguments.ends_with(" [COMMAND...]")) arguments.replace(arguments.size() - 13, 13, " -- COMMAND");
  if (!subcommands(app).empty()) arguments += " COMMAND";
  return text + arguments;
}

std::string help_text(const CLI::App& app) {
  const auto path = command_path(app);
  auto out = wrapped(app.get_description() + ".", 0, 0) + "\n\n";
  constexpr std::string_view usage = "Usage: ";
  out += std::string(usage) + wrapped(usage_line(app, false), usage.size() + 2, usage.size()) + "\n";
  out += commands_of(app) + options_of(app);
  if (auto footer = app.get_footer(); !footer.empty()) {
    footer.erase(footer.find_last_not_of(" \n") + 1);
    out += "\n" + wrapped_lines(footer) + "\n";
  }
  out += examples_of(path);
  if (!path.empty() && find_term(path) != nullptr) out += fmt::format("\nSee also: gpuslice help term {}\n", path);
  return out;
}

}  // namespace gpuslice::cli
