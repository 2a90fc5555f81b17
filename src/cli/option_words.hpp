// Reads from a command line's definition the texts that describe its options and their values. Help, errors, completion
// and the manual pages all use these functions, so they always agree.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/verb.hpp"

namespace gpuslice::cli {

// An option that takes one of a few words, which are shown as its value: "table|json".
Option add_choice(Verb verb, const std::string& name, std::string& value, const std::vector<std::string>& choices,
                  const std::string& help);

// For Option::check: refuses an empty value, as an unset shell variable would give; `wanted` describes a valid one.
[[nodiscard]] std::function<std::string(const std::string&)> not_empty(const std::string& wanted);

// All subcommands, in the order in which they were added.
[[nodiscard]] std::vector<const CLI::App*> subcommands(const CLI::App& app);
// All options and positionals, in the order in which they were added.
[[nodiscard]] std::vector<const CLI::Option*> options(const CLI::App& app);

[[nodiscard]] bool is_positional(const CLI::Option& option);
// "-f", "--file"; empty for a positional.
[[nodiscard]] std::vector<std::string> spellings(const CLI::Option& option);
// The words of which it takes one; empty if it takes other values.
[[nodiscard]] std::vector<std::string> choices(const CLI::Option& option);
// The placeholder for its value: the name of a positional, "PRODUCT", "table|json", "N". Empty for a flag.
[[nodiscard]] std::string value_word(const CLI::Option& option);
// "--for PRODUCT", "NODE", "--count".
[[nodiscard]] std::string usage_of(const CLI::Option& option);
// Whether it takes several values in a row, as "PROFILE..." does.
[[nodiscard]] bool takes_several(const CLI::Option& option);
// Its description, and the options that it requires or excludes. If two exclude each other, only the later one says so.
[[nodiscard]] std::string help_of(const CLI::App& app, const CLI::Option& option);

}  // namespace gpuslice::cli
