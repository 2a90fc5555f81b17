// The subcommands of nvidia-smi, and how they parse their options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "smi/open_session.hpp"
#include "smi/option_table.hpp"

namespace gpuslice::smi {

struct Subcommand {
  std::string_view name;
  // Runs it with the arguments after its name and returns the exit status. nullptr: not implemented.
  int (*run)(const Call& call, const std::vector<std::string>& arguments);
};

// Returns nullptr if there is no such subcommand.
[[nodiscard]] const Subcommand* find_subcommand(const std::string& word);

// Options that most subcommands have.
inline constexpr Option help_option{"-h", "--help", Takes::nothing, "This text."};
inline constexpr Option id_option{"-i", "--id", Takes::value, "GPUs, by index, PCI address or UUID, comma separated."};
inline constexpr bool not_built = false;

// Parses the options. Returns the exit status instead if the command has already been answered: for an invalid
// argument, -h, or an option that is not implemented.
[[nodiscard]] std::expected<TypedOptions, int> read_options(const Call& call, const OptionTable& table,
                                                            const std::vector<std::string>& arguments);
// Prints the help on standard output as the only output.
int answer_with_usage(const Call& call, const OptionTable& table);
// Prints "conf-compute -gc: nvidia-smi has it, ..." on standard error.
int say_not_there_yet(const Call& call, const std::string& what);

inline constexpr int wrong_arguments = 2;  // exit status

int run_mig(const Call& call, const std::vector<std::string>& arguments);
int run_compute_policy(const Call& call, const std::vector<std::string>& arguments);
int run_dmon(const Call& call, const std::vector<std::string>& arguments);
int run_pmon(const Call& call, const std::vector<std::string>& arguments);
int run_topo(const Call& call, const std::vector<std::string>& arguments);
int run_nvlink(const Call& call, const std::vector<std::string>& arguments);
int run_c2c(const Call& call, const std::vector<std::string>& arguments);
int run_pci(const Call& call, const std::vector<std::string>& arguments);
int run_encodersessions(const Call& call, const std::vector<std::string>& arguments);
int run_fbcsessions(const Call& call, const std::vector<std::string>& arguments);
int run_conf_compute(const Call& call, const std::vector<std::string>& arguments);
int run_gpm(const Call& call, const std::vector<std::string>& arguments);
int run_drain(const Call& call, const std::vector<std::string>& arguments);
int run_vgpu(const Call& call, const std::vector<std::string>& arguments);
int run_power_hint(const Call& call, const std::vector<std::string>& arguments);
int run_power_profiles(const Call& call, const std::vector<std::string>& arguments);

}  // namespace gpuslice::smi
