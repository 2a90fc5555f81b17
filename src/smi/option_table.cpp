#include "smi/option_table.hpp"

#include <algorithm>
#include <cstdlib>
#include <ranges>

#include <fmt/format.h>

namespace gpuslice::smi {

std::vector<TypedOption> scan_options(const OptionTable& table, const std::vector<std::string>& arguments) {
  std::vector<TypedOption> typed;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const auto equals = argument.find('=');
    const bool joined = equals != std::string::npos;
    const auto option = std::ranges::find_if(table.options, [&](const Option& one) {
      return one.is_called(std::string_view(argument).substr(0, equals)) &&
             (!joined || one.takes != Takes::nothing || table.splits_flags);
    });
    TypedOption& found = typed.emplace_back(TypedOption{.typed = argument});
    if (option == table.options.end()) continue;
    found.option = &*option;
    if (option->takes == Takes::nothing) {
      if (joined) typed.push_back({.typed = argument.substr(equals + 1)});
    } else if (joined) {
      found.value = argument.substr(equals + 1);
    } else if (i + 1 < arguments.size() && (option->takes == Takes::value || !arguments[i + 1].starts_with('-'))) {
      found.value = arguments[++i];
    }
  }
  return typed;
}

std::expected<TypedOptions, std::string> TypedOptions::parse(const OptionTable& table,
                                                             const std::vector<std::string>& arguments) {
  TypedOptions options;
  options.typed_ = scan_options(table, arguments);
  for (const auto& one : options.typed_) {
    if (one.option == nullptr) return std::unexpected(fmt::format("Option \"{}\" is not recognized.", one.typed));
    if (one.lacks_value()) return std::unexpected(fmt::format("Option \"{}\" is missing its value.", one.typed));
    if (one.option->accepts != nullptr && one.value && !one.option->accepts(*one.value))
      return std::unexpected(invalid_value(*one.value, one.typed));
  }
  if (!table.too_many_of_a_group.empty()) {
    for (const auto& one : options.typed_) {
      const auto same = [&](const TypedOption& other) { return other.option->group == one.option->group; };
      if (one.option->group != 0 && std::ranges::count_if(options.typed_, same) > 1)
        return std::unexpected(std::string(table.too_many_of_a_group));
    }
  }
  return options;
}

bool TypedOptions::has(std::string_view name) const {
  return std::ranges::any_of(typed_, [name](const TypedOption& one) { return one.option->is_called(name); });
}

bool TypedOptions::has_any_of(unsigned group) const {
  return std::ranges::any_of(typed_, [group](const TypedOption& one) { return one.option->group == group; });
}

std::optional<std::string> TypedOptions::value(std::string_view name) const {
  for (const auto& one : typed_ | std::views::reverse)
    if (one.value && one.option->is_called(name)) return one.value;
  return std::nullopt;
}

std::optional<long> TypedOptions::number(std::string_view name) const {
  const auto text = value(name);
  if (!text) return std::nullopt;
  return std::strtol(text->c_str(), nullptr, 10);
}

std::optional<std::string> TypedOptions::unbuilt() const {
  const auto found = std::ranges::find_if(typed_, [](const TypedOption& one) { return !one.option->built; });
  if (found == typed_.end()) return std::nullopt;
  return found->typed;
}

std::string invalid_value(std::string_view value, std::string_view option) {
  return fmt::format("Option \"{}\" is invalid for \"{}\".", value, option);
}

void print_usage(std::ostream& out, const OptionTable& table) {
  if (table.print_help != nullptr) return table.print_help(out);
  out << fmt::format("\n    {} -- {}\n\n    Usage: nvidia-smi {} [options]\n\n", table.name, table.about, table.name);
  for (const auto& option : table.options) {
    if (!option.built) continue;
    const bool both = !option.short_name.empty() && !option.long_name.empty();
    out << fmt::format("    [{}{}{}]: {}\n", option.short_name, both ? " | " : "", option.long_name, option.about);
  }
  out << '\n';
}

}  // namespace gpuslice::smi
