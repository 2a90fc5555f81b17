// Commands that this process becomes: their exit status, or why they could not be run.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/terminal.hpp"
#include "simhost/enter_node.hpp"

namespace gpuslice::cli {

// The statuses of a command that did not run, as env(1) and container engines have them: 127 not found, 126 found but
// not executable, 125 gpuslice's own failure.
inline constexpr int not_run = 125, not_executable = 126, no_such_command = 127;

// Shows the error and returns the status: by its kind if `of_command`, else 125. `node`: for the commands it suggests.
int show_not_run(const Error& error, const Terminal& terminal, bool of_command, const std::string& node = {});

// Runs the command inside a simulated node; returns only if that fails, after the reason was shown.
int enter_node(const simhost::Entry& entry, const std::optional<simhost::ClientWish>& client,
               const std::vector<std::string>& command, const Terminal& terminal);

// Runs the command on this host, in this process; returns only if that fails, after the reason was shown.
int execute(const std::vector<std::string>& command, const Terminal& terminal);

}  // namespace gpuslice::cli
