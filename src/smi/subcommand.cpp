#include "smi/subcommand.hpp"

#include <algorithm>
#include <array>

namespace gpuslice::smi {
namespace {

constexpr std::array subcommands{
    Subcommand{"dmon", run_dmon},
    Subcommand{"pmon", run_pmon},
};

}  // namespace

const Subcommand* find_subcommand(const std::string& word) {
  const auto found = std::ranges::find(subcommands, word, &Subcommand::name);
  return found == subcommands.end() ? nullptr : &*found;
}

}  // namespace gpuslice::smi
