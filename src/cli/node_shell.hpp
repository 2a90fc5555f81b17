// The shell that `gpuslice sim shell` starts: the user's own, with the node's name before its prompt.
// bash, and the shells that read $ENV (sh, dash, ash, ksh), get a start file that runs the user's own start file and
// then puts "(NODE) " before the prompt; fish gets a command that does the same. The start file is in memory
// (memfd_create(2)), so nothing stays on disk and no file of the user's is changed. Other shells, including zsh, start
// unchanged; a user's prompt can include GPUSLICE_SIM_PROMPT.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::cli {

inline constexpr const char* prompt_variable = "GPUSLICE_SIM_PROMPT";  // "(demo) ", in every shell of a node

// The start file for a shell of this name ("bash"). `fd` is the descriptor that contains it, which the file closes.
// `env` is the user's own ENV. Empty if this shell is not known to read a start file.
[[nodiscard]] std::string start_file(const std::string& shell, const std::string& prompt, int fd,
                                     const std::string& env);

// The command line that starts this shell in a node. `interactive`: with the prompt. Sets the environment that it
// needs.
[[nodiscard]] std::vector<std::string> shell_words(const std::string& program, const std::string& node,
                                                   bool interactive);

}  // namespace gpuslice::cli
