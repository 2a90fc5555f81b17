// The help of a command, as `gpuslice COMMAND --help` and `gpuslice help COMMAND` print it. Generated from the command
// line itself, at most 80 columns wide.
#pragma once

#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace gpuslice::cli {

// From now on `--help` of `app`, and of every command that is added to it, prints help_text().
void use_help_text(CLI::App& app);

// What it does, how it is used, its arguments, options by group and commands, its footer and its examples; ends with
// one line end.
[[nodiscard]] std::string help_text(const CLI::App& app);

// "gpuslice plan --file FILE [OPTIONS]"; with `all_options` each of them instead: "... [--output table|json]".
[[nodiscard]] std::string usage_line(const CLI::App& app, bool all_options);
// The name of a command with those above it: "sim create"; empty for the program.
[[nodiscard]] std::string command_path(const CLI::App& app);

}  // namespace gpuslice::cli
