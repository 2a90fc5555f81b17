#include "cli/usage.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <string_view>

#include "base/nearest.hpp"
#include "cli/option_words.hpp"

namespace gpuslice::cli {
namespace {

// "gpuslice sim create"
std::string path_of(const CLI::App* app) {
  std::string path = app->get_name();
  for (const auto* up = app->get_parent(); up != nullptr; up = up->get_parent()) path = up->get_name() + " " + path;
  return path;
}

// The path without the program's name, as errors call the command. Empty for the program itself.
std::string verb_of(const CLI::App* app) {
  const auto path = path_of(app);
  const auto blank = path.find(' ');
  return blank == std::string::npos ? "" : path.substr(blank + 1);
}

// "gpuslice COMMAND" and one more word, as a hint.
Hint command_of(const CLI::App* app, Hint::Word then) {
  Hint::Command command{std::move(then)};
  for (; app->get_parent() != nullptr; app = app->get_parent()) command.insert(command.begin(), app->get_name());
  return Hint::gpuslice(std::move(command));
}
Hint help_of(const CLI::App* app) { return command_of(app, Hint::flag("help")); }

// The nearest option of a command or of the program; empty if none is close.
std::string near_option(const CLI::App* app, const std::string& word) {
  std::vector<std::string_view> names;
  for (const auto* at = app; at != nullptr; at = at->get_parent())
    for (const auto* option : at->get_options())
      for (const auto& name : option->get_lnames()) names.push_back(name);
  const auto near =
      nearest(std::string_view(word).substr(std::min(word.find_first_not_of('-'), word.size())), names, 1);
  return near.empty() ? std::string{} : "--" + std::string(near[0]);
}

Error unknown_option(const CLI::App* app, const std::string& word) {
  const auto option = word.substr(0, word.find('='));
  const auto near = near_option(app, option);
  auto hint = near.empty() ? help_of(app) : command_of(app, near);
  // A word that looks like an option of gpuslice may belong to the command to run.
  if (near.empty() && app->get_option_no_throw("COMMAND") != nullptr)
    hint = command_of(app, "NODE") + (" -- COMMAND " + word);
  return {ErrorKind::usage, option, "is not an option of " + path_of(app), std::move(hint)};
}

Error unknown_word(const CLI::App* app, const std::string& word) {
  if (word.starts_with("-")) return unknown_option(app, word);
  if (word == "help") return {ErrorKind::usage, word, "is not a command of " + path_of(app), help_of(app)};
  const auto subs = subcommands(*app);
  if (subs.empty()) return {ErrorKind::usage, word, "is one argument too many for " + path_of(app), help_of(app)};
  std::vector<std::string_view> names;
  for (const auto* sub : subs)
    if (!sub->get_group().empty()) names.emplace_back(sub->get_name());  // skips hidden commands
  const auto near = nearest(word, names, 1);
  return {ErrorKind::usage, word, "is not a command of " + path_of(app),
          near.empty() ? help_of(app) : command_of(app, std::string(near[0]))};
}

}  // namespace

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
  const auto help = help_of(at);
  const std::string said = error.what();
  const bool lacks = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;

  if (lacks || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    // An unknown option is reported before the unknown words around it.
    if (const auto left = app.remaining(true); !left.empty()) {
      const auto option =
          std::find_if(left.begin(), left.end(), [](const auto& word) { return word.starts_with("-"); });
      return unknown_word(at, option != left.end() ? *option : left[0]);
    }
  }
  if (lacks) {
    for (const auto* option : at->get_options())
      if (option->get_required() && option->count() == 0)
        return {ErrorKind::usage, verb_of(at), "needs " + usage_of(*option), help};
    if (!subcommands(*at).empty()) return {ErrorKind::usage, verb_of(at), "needs a command", help};
  }
  if (const std::string_view refused = "Could not convert: "; said.starts_with(refused)) {
    const auto equals = said.find(" = ");
    const auto name = said.substr(refused.size(), equals - refused.size());
    return {ErrorKind::usage, name, "takes a number, not \"" + said.substr(equals + 3) + "\"", help};
  }
  // "--driver requires --for", "--from excludes --for"
  const auto about_two = [&](std::string_view joint, const std::string& what) -> std::optional<Error> {
    const auto from = said.find(joint);
    if (from == std::string::npos) return std::nullopt;
    return Error{ErrorKind::usage, said.substr(0, from), what + said.substr(from + joint.size()), help};
  };
  if (dynamic_cast<const CLI::RequiresError*>(&error) != nullptr)
    if (auto about = about_two(" requires ", "is only allowed with ")) return *about;
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr)
    if (auto about = about_two(" excludes ", "cannot be combined with ")) return *about;
  const auto colon = said.find(": ");
  if (colon == std::string::npos) return {ErrorKind::usage, "", said, help};
  const auto name = said.substr(0, colon);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && said.ends_with(" missing"))
    return {ErrorKind::usage, name, "needs a value", help};
  return {ErrorKind::usage, name, said.substr(colon + 2), help};
}

}  // namespace gpuslice::cli
