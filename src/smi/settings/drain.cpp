// `nvidia-smi drain`: whether a GPU is being drained.
#include <fmt/format.h>
#include <array>
#include <cstdio>

#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

constexpr std::array drain_options{
    help_option,
    Option{"-p", "--pciid", Takes::value, "A GPU by PCI address."},
    Option{"-q", "--query", Takes::nothing, "Whether it is being drained."},
    Option{"-m", "--modify", Takes::value, "", not_built},
    Option{"-r", "--remove", Takes::nothing, "", not_built},
    Option{"-d", "--discover", Takes::nothing, "", not_built},
};
constexpr OptionTable drain{"drain", "GPUs that are taken out of work.", drain_options};

// "0000:00:06.0", but with an eight-digit domain. The driver decides whether the address is valid.
std::string full_address(const std::string& typed) {
  unsigned domain = 0, bus = 0, device = 0, function = 0;
  if (std::sscanf(typed.c_str(), "%x:%x:%x.%x", &domain, &bus, &device, &function) != 4) return typed;
  return fmt::format("{:08X}:{:02X}:{:02X}.{:X}", domain, bus, device, function);
}

}  // namespace

int run_drain(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, drain, arguments);
  if (!options) return options.error();
  const auto address = options->value("-p");
  if (!options->has("-q") || !address) return answer_with_usage(call, drain);
  const auto opened = open_session(call);
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  const auto full = full_address(*address);
  const auto draining = session.node.monitoring().draining(full);
  if (!draining) {
    session.out << fmt::format("Failed to query the drain state of GPU {}: {}\n", full, draining.error().text);
    return exit_status(draining.error().code);
  }
  session.out << fmt::format("The current drain state of GPU {} is: {}.\n", full,
                             *draining ? "draining" : "not draining");
  return 0;
}

}  // namespace gpuslice::smi
