// The help of a command, as `gpuslice COMMAND --help` and `gpuslice help COMMAND` print it. It is generated from the
// definition of the command line and is at most 80 columns wide.
#pragma once

#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace gpuslice::cli {

// Makes `--help` of `app`, and of every command added to it later, print help_text().
void use_help_text(CLI::App& app);

// Description, usage, arguments, grouped options and commands, footer and examples. Ends with one line end.
[[nodiscard]] std::string help_text(const CLI::App& app);

// "gpuslice plan --file FILE [OPTIONS]"; with `all_options`, each option instead of [OPTIONS]: "... [--output
// table|json]".
[[nodiscard]] std::string usage_line(const CLI::App& app, bool all_options);
// The name of a command including its parents: "sim create"; empty for the program.
[[nodiscard]] std::string command_path(const CLI::App& app);

}  // namespace gpuslice::cli
