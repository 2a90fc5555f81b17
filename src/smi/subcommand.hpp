// The subcommands of nvidia-smi that are built, each in a file of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "smi/open_session.hpp"

namespace gpuslice::smi {

struct Subcommand {
  std::string_view name;
  // Runs it with the words behind its name; gives the exit status.
  int (*run)(const Call& call, const std::vector<std::string>& words);
};

// Null for a word that names none.
[[nodiscard]] const Subcommand* find_subcommand(const std::string& word);

int run_dmon(const Call& call, const std::vector<std::string>& words);
int run_pmon(const Call& call, const std::vector<std::string>& words);

}  // namespace gpuslice::smi
