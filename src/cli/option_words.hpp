// What is read off a command line to describe it: the words of its options and their values. Help, errors, completion
// and the manual pages all say the same because they all ask here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/verb.hpp"

namespace gpuslice::cli {

// An option that takes one of some words. They are its type name, "table|json".
Option add_choice(Verb verb, const std::string& name, std::string& value, const std::vector<std::string>& choices,
                  const std::string& help);

// For Option::check: a value that an unset variable of a shell would give is refused; `wanted` says what belongs
// there.
[[nodiscard]] std::function<std::string(const std::string&)> not_empty(const std::string& wanted);

// All subcommands, in the order added.
[[nodiscard]] std::vector<const CLI::App*> subcommands(const CLI::App& app);
// All options and positionals, in the order added.
[[nodiscard]] std::vector<const CLI::Option*> options(const CLI::App& app);

[[nodiscard]] bool is_positional(const CLI::Option& option);
// "-f", "--file"; empty for a positional.
[[nodiscard]] std::vector<std::string> spellings(const CLI::Option& option);
// The words it takes one of; empty when it takes others.
[[nodiscard]] std::vector<std::string> choices(const CLI::Option& option);
// What stands for its value: a positional's name, "PRODUCT", "table|json", "N". Empty for a flag.
[[nodiscard]] std::string value_word(const CLI::Option& option);
// "--for PRODUCT", "NODE", "--count".
[[nodiscard]] std::string usage_of(const CLI::Option& option);
// Whether it takes several values in a row: "PROFILE...".
[[nodiscard]] bool takes_several(const CLI::Option& option);
// Its description, and which options it needs or cannot be combined with. Of two that exclude each other only the later
// one says so.
[[nodiscard]] std::string help_of(const CLI::App& app, const CLI::Option& option);

}  // namespace gpuslice::cli
