// `nvidia-smi pci`: counters of each GPU's PCIe interface.
#include <array>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

using node::PcieFigure;

constexpr std::array pci_options{
    help_option,
    id_option,
    Option{"-gErrCnt", "--getErrorCounters", Takes::nothing, "Error counts."},
    Option{"-gCnt", "--getCounters", Takes::nothing, "Bytes sent and received."},
    Option{"-cErrCnt", "--clearErrorCounters", Takes::nothing, "", not_built},
};
constexpr OptionTable pci{"pci", "Counters of the PCIe interface.", pci_options};

struct Counter {
  PcieFigure figure;
  const char* name;
};
constexpr std::array<Counter, 13> errors{{
    {PcieFigure::replays, "REPLAY_COUNTER:"},
    {PcieFigure::replay_rollovers, "REPLAY_ROLLOVER_COUNTER:"},
    {PcieFigure::l0_to_recovery, "L0_TO_RECOVERY_COUNTER:"},
    {PcieFigure::correctable_errors, "CORRECTABLE_ERRORS:"},
    {PcieFigure::naks_received, "NAKS_RECEIVED:"},
    {PcieFigure::receiver_errors, "RECEIVER_ERROR:"},
    {PcieFigure::bad_tlps, "BAD_TLP:"},
    {PcieFigure::naks_sent, "NAKS_SENT:"},
    {PcieFigure::bad_dllps, "BAD_DLLP:"},
    {PcieFigure::non_fatal_errors, "NON_FATAL_ERROR:"},
    {PcieFigure::fatal_errors, "FATAL_ERROR:"},
    {PcieFigure::unsupported_requests, "UNSUPPORTED_REQ:"},
    {PcieFigure::lcrc_errors, "LCRC_ERROR:"},
}};
constexpr std::array<Counter, 2> traffic{{
    {PcieFigure::bytes_sent, "TX_BYTES:"},
    {PcieFigure::bytes_received, "RX_BYTES:"},
}};
constexpr std::uint32_t lanes_shown = 13;  // the number for an interface with sixteen lanes

void print_counters(Session& session, GpuIndex gpu, std::span<const Counter> counters) {
  for (const auto& counter : counters) {
    const auto count = session.node.links().pcie_figure(gpu, counter.figure, 0);
    session.out << fmt::format("    {:<24} {}\n", counter.name, count ? fmt::format("{}", *count) : "N/A");
  }
}

}  // namespace

int run_pci(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, pci, arguments);
  if (!options) return options.error();
  const bool with_errors = options->has("-gErrCnt"), with_traffic = options->has("-gCnt");
  if (!with_errors && !with_traffic) return answer_with_usage(call, pci);
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  for (const GpuIndex gpu : session.gpus) {
    session.out << gpu_line(session.node, gpu);
    print_counters(session, gpu, with_errors ? std::span<const Counter>(errors) : traffic);
    if (!with_errors) continue;
    session.out << fmt::format("    {:<24} \n", "LANE_ERROR:");
    for (std::uint32_t lane = 0; lane < lanes_shown; ++lane) {
      if (const auto count = session.node.links().pcie_figure(gpu, PcieFigure::lane_errors, lane))
        session.out << fmt::format("\t lane {:>2}: {}\n", lane, *count);
    }
  }
  return 0;
}

}  // namespace gpuslice::smi
