// The subcommands of nvidia-smi that are built, each in a file of its own.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "smi/open_session.hpp"
#include "smi/words.hpp"

namespace gpuslice::smi {

struct Subcommand {
  std::string_view name;
  // Runs it with the words behind its name; gives the exit status.
  int (*run)(const Call& call, const std::vector<std::string>& words);
};

// Null for a word that names none.
[[nodiscard]] const Subcommand* find_subcommand(const std::string& word);

// What the plainer subcommands are made of: options, one of them the command, and a help made from them.
struct SubcommandWords {
  std::string_view name, about;
  std::span<const WordSpec> specs;  // with -h
};
// The words, or the exit status when they were answered already: wrong ones (status 2), -h, none at all, and options
// that are not built.
[[nodiscard]] std::expected<Words, int> read_words(const Call& call, const SubcommandWords& subcommand,
                                                   const std::vector<std::string>& typed);
// "conf-compute -gc is ... not there yet", on standard error.
int say_not_there_yet(const Call& call, const std::string& what);

inline constexpr int words_wrong = 2;

int run_dmon(const Call& call, const std::vector<std::string>& words);
int run_pmon(const Call& call, const std::vector<std::string>& words);
int run_topo(const Call& call, const std::vector<std::string>& words);
int run_nvlink(const Call& call, const std::vector<std::string>& words);
int run_c2c(const Call& call, const std::vector<std::string>& words);
int run_pci(const Call& call, const std::vector<std::string>& words);
int run_encodersessions(const Call& call, const std::vector<std::string>& words);
int run_fbcsessions(const Call& call, const std::vector<std::string>& words);
int run_conf_compute(const Call& call, const std::vector<std::string>& words);
int run_gpm(const Call& call, const std::vector<std::string>& words);
int run_drain(const Call& call, const std::vector<std::string>& words);
int run_vgpu(const Call& call, const std::vector<std::string>& words);
int run_power_hint(const Call& call, const std::vector<std::string>& words);
int run_power_profiles(const Call& call, const std::vector<std::string>& words);

}  // namespace gpuslice::smi
