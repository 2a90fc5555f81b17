// The shell that `gpuslice sim shell` starts: the user's own, with the node's name before its prompt.
//
// bash and the shells that read $ENV (sh, dash, ash, ksh) are given a start file that runs the user's own one first and
// then puts "(NODE) " before the prompt; fish is given a command that does the same. The start file is in memory
// (memfd_create(2)), so nothing is left on a disk and no file of the user's is changed. Other shells, zsh among them,
// start as they are; a prompt of theirs may show GPUSLICE_SIM_PROMPT.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gpuslice::cli {

inline constexpr const char* prompt_variable = "GPUSLICE_SIM_PROMPT";  // "(demo) ", in every shell of a node

// The start file's text for a shell with this name ("bash"); `fd` is the descriptor that holds it, which it closes.
// `env` is the user's own ENV. Empty for a shell that is not known to take one.
[[nodiscard]] std::string start_file(const std::string& shell, const std::string& prompt, int fd,
                                     const std::string& env);

// The words that start this shell in a node. `interactive`: with the prompt. Sets the environment that it needs.
[[nodiscard]] std::vector<std::string> shell_words(const std::string& program, const std::string& node,
                                                   bool interactive);

}  // namespace gpuslice::cli
