#include "cli/completion_verb.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace gpuslice::cli {
namespace {

// "sim create" -> the words that may follow: subcommands, then options.
using Table = std::vector<std::pair<std::string, std::vector<std::string>>>;

void collect(const CLI::App& app, const std::string& path, Table& table) {
  std::vector<std::string> words;
  const auto subs = app.get_subcommands([](const CLI::App*) { return true; });
  for (const auto* sub : subs) words.push_back(sub->get_name());
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) words.push_back("--" + name);
    for (const auto& name : option->get_snames()) words.push_back("-" + name);
  }
  table.emplace_back(path, std::move(words));
  for (const auto* sub : subs) collect(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), table);
}

// bash's `complete` also serves zsh through bashcompinit.
std::string bash(const Table& table) {
  std::string out =
      "# Completion of gpuslice for bash: source it, or put it into /etc/bash_completion.d.\n"
      "_gpuslice() {\n  local word path=\"\" i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n    word=\"${COMP_WORDS[i]}\"\n"
      "    case \"$word\" in -*) ;; *) case \"${path:+$path }$word\" in\n";
  for (const auto& [path, words] : table)
    if (!path.empty()) out += fmt::format("      \"{}\") path=\"{}\" ;;\n", path, path);
  out += "    esac ;; esac\n  done\n  case \"$path\" in\n";
  for (const auto& [path, words] : table)
    out += fmt::format("    \"{}\") COMPREPLY=($(compgen -W \"{}\" -- \"${{COMP_WORDS[COMP_CWORD]}}\")) ;;\n", path, fmt::join(words, " "));
  return out + "  esac\n}\ncomplete -o default -F _gpuslice gpuslice\n";
}

std::string fish(const Table& table) {
  std::string out = "# Completion of gpuslice for fish: put it into ~/.config/fish/completions/gpuslice.fish.\n";
  for (const auto& [path, words] : table) {
    const auto condition = path.empty() ? std::string("__fish_use_subcommand")
                                        : fmt::format("__fish_seen_subcommand_from {}", path.substr(path.rfind(' ') + 1));
    for (const auto& word : words) {
      if (word.starts_with("--")) out += fmt::format("complete -c gpuslice -n '{}' -l {}\n", condition, word.substr(2));
      else if (word.starts_with("-")) out += fmt::format("complete -c gpuslice -n '{}' -s {}\n", condition, word.substr(1));
      else out += fmt::format("complete -c gpuslice -n '{}' -f -a {}\n", condition, word);
    }
  }
  return out;
}

Result<int> print(const std::string& shell) {
  const auto line = make_command_line();
  Table table;
  collect(line->app, "", table);
  if (shell == "fish") fmt::print("{}", fish(table));
  else if (shell == "zsh") fmt::print("autoload -U +X bashcompinit && bashcompinit\n{}", bash(table));
  else fmt::print("{}", bash(table));
  return 0;
}

}  // namespace

void add_completion_verb(CLI::App& app, Action& chosen) {
  auto* verb = app.add_subcommand("completion", "Print a completion script for a shell");
  auto shell = std::make_shared<std::string>();
  verb->add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->callback([&chosen, shell] { chosen = [shell] { return print(*shell); }; });
}

}  // namespace gpuslice::cli
