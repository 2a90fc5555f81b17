#include "cli/option_words.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/split.hpp"

namespace gpuslice::cli {

Option add_choice(Verb verb, const std::string& name, std::string& value, const std::vector<std::string>& choices,
                  const std::string& help) {
  const auto known = [choices](const std::string& word) {
    if (std::find(choices.begin(), choices.end(), word) != choices.end()) return std::string{};
    const auto before = fmt::format("{}", fmt::join(choices.begin(), choices.end() - 1, ", "));
    return fmt::format("takes {}{}{}, not \"{}\"", before, before.empty() ? "" : " or ", choices.back(), word);
  };
  return verb.add_option(name, value, help).type_name(fmt::format("{}", fmt::join(choices, "|"))).check(known);
}

std::function<std::string(const std::string&)> not_empty(const std::string& wanted) {
  return [wanted](const std::string& value) { return value.empty() ? "is empty; it takes " + wanted : std::string{}; };
}

std::vector<const CLI::App*> subcommands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<const CLI::Option*> options(const CLI::App& app) {
  return app.get_options([](const CLI::Option*) { return true; });
}

bool is_positional(const CLI::Option& option) { return option.get_lnames().empty() && option.get_snames().empty(); }

std::vector<std::string> spellings(const CLI::Option& option) {
  std::vector<std::string> all;
  for (const auto& name : option.get_snames()) all.push_back("-" + name);
  for (const auto& name : option.get_lnames()) all.push_back("--" + name);
  return all;
}

std::vector<std::string> choices(const CLI::Option& option) {
  const auto type = option.get_type_name();
  if (type.find('|') != std::string::npos) return split(type, '|');
  return {};
}

std::string value_word(const CLI::Option& option) {
  if (is_positional(option)) return option.get_name(true);
  if (const auto words = choices(option); !words.empty()) return fmt::format("{}", fmt::join(words, "|"));
  if (option.get_expected_max() == 0) return {};  // a flag
  auto type = option.get_type_name();
  if (type == "TEXT") return "VALUE";
  if (type == "UINT" || type == "INT" || type == "FLOAT") return "N";
  return type;
}

std::string usage_of(const CLI::Option& option) {
  auto value = value_word(option);
  if (is_positional(option)) return value;
  const auto names = spellings(option);
  return names.back() + (value.empty() ? "" : " " + value);
}

bool takes_several(const CLI::Option& option) {
  return option.get_expected_max() > 1 && (is_positional(option) || option.get_allow_extra_args());
}

std::string help_of(const CLI::App& app, const CLI::Option& option) {
  const auto named = [](const std::vector<const CLI::Option*>& others) {
    std::vector<std::string> names;
    for (const auto* other : others)
      names.push_back(is_positional(*other) ? value_word(*other) : spellings(*other).back());
    return fmt::format("{}", fmt::join(names, " or "));
  };
  std::vector<const CLI::Option*> needed;
  std::vector<const CLI::Option*> excluded;
  const auto needs = option.get_needs();
  const auto excludes = option.get_excludes();
  bool earlier = true;
  for (const auto* other : options(app)) {
    if (other == &option) earlier = false;
    auto* key = const_cast<CLI::Option*>(other);  // CLI11's sets hold const pointers
    if (needs.contains(key)) needed.push_back(other);
    if (earlier && excludes.contains(key)) excluded.push_back(other);
  }
  auto help = option.get_description();
  if (!needed.empty()) help += fmt::format(" (only with {})", named(needed));
  if (!excluded.empty()) help += fmt::format(" (not with {})", named(excluded));
  return help;
}

}  // namespace gpuslice::cli
