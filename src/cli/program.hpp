// The verbs of gpuslice, how their errors are shown and what they end with.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::cli {

// Exit statuses: 0 done or matches, 1 failed, 2 usage, 3 differs, 4 unknown, 5 refused.
[[nodiscard]] int exit_status(ErrorKind kind);

// "gpuslice: OBJECT: WHAT" and "  try: HINT" on standard error; the exit status.
int show(const Error& error);

// What a verb does once the words are parsed.
using Action = std::function<Result<int>()>;

// The command line: every verb adds itself here. `chosen` is what the parsed words ask for.
struct CommandLine {
  CLI::App app{"Partition NVIDIA GPUs with MIG, and try all of it on simulated nodes that need no GPU", "gpuslice"};
  std::string node;
  Action chosen;
};
[[nodiscard]] std::unique_ptr<CommandLine> make_command_line();

int run_program(const std::vector<std::string>& words);

}  // namespace gpuslice::cli
