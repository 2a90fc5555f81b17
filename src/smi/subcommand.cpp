#include "smi/subcommand.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "smi/complaint.hpp"

namespace gpuslice::smi {
namespace {

constexpr std::array subcommands{
    Subcommand{"mig", run_mig},
    Subcommand{"compute-policy", run_compute_policy},
    Subcommand{"dmon", run_dmon},
    Subcommand{"pmon", run_pmon},
    Subcommand{"topo", run_topo},
    Subcommand{"nvlink", run_nvlink},
    Subcommand{"c2c", run_c2c},
    Subcommand{"pci", run_pci},
    Subcommand{"encodersessions", run_encodersessions},
    Subcommand{"fbcsessions", run_fbcsessions},
    Subcommand{"conf-compute", run_conf_compute},
    Subcommand{"gpm", run_gpm},
    Subcommand{"drain", run_drain},
    Subcommand{"vgpu", run_vgpu},
    Subcommand{"power-hint", run_power_hint},
    Subcommand{"power-profiles", run_power_profiles},
    Subcommand{"daemon", nullptr},
    Subcommand{"replay", nullptr},
    Subcommand{"clocks", nullptr},
    Subcommand{"boost-slider", nullptr},
    Subcommand{"base-clocks", nullptr},
    Subcommand{"power-smoothing", nullptr},
    Subcommand{"prm", nullptr},
};

}  // namespace

const Subcommand* find_subcommand(const std::string& word) {
  const auto found = std::ranges::find(subcommands, word, &Subcommand::name);
  return found == subcommands.end() ? nullptr : &*found;
}

std::vector<std::string> subcommand_names() {
  std::vector<std::string> names;
  for (const auto& subcommand : subcommands)
    if (subcommand.run != nullptr) names.emplace_back(subcommand.name);
  return names;
}

int say_not_there_yet(const Call& call, const std::string& what) {
  return answer_complaint(not_there_yet(what), call.out, call.err);
}

int answer_with_usage(const Call& call, const OptionTable& table) {
  print_usage(call.out, table);
  return 0;
}

std::expected<TypedOptions, int> read_options(const Call& call, const OptionTable& table,
                                              const std::vector<std::string>& arguments) {
  auto options = TypedOptions::parse(table, arguments);
  if (!options) {
    call.out << options.error() << '\n';
    if (table.print_after_error != nullptr) table.print_after_error(call.out);
    return std::unexpected(table.error_status);
  }
  if (options->has("-h")) {
    return std::unexpected(answer_with_usage(call, table));
  }
  if (const auto option = options->unbuilt())
    return std::unexpected(say_not_there_yet(call, fmt::format("{} {}", table.name, *option)));
  return *std::move(options);
}

}  // namespace gpuslice::smi
