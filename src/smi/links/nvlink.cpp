// `nvidia-smi nvlink`: the NVLinks of each GPU.
//
// Recorded on a GPU without links, which shows nothing; the lines of links are as in published output.
#include <array>

#include <fmt/format.h>

#include "smi/layout.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

using node::LinkFigure;

constexpr bool not_built = false;
constexpr std::array specs{
    WordSpec{"-h", "--help", false, "This text."},
    WordSpec{"-i", "--id", true, "GPUs, by index, PCI address or UUID, comma separated."},
    WordSpec{"-l", "--link", true, "Only this link."},
    WordSpec{"-s", "--status", false, "Which links are up, and how fast."},
    WordSpec{"-c", "--capabilities", false, "What each link can do."},
    WordSpec{"-p", "--pcibusid", false, "PCI address of the other end of each link."},
    WordSpec{"-R", "--remotelinkinfo", false, "The same, with the number of the link there."},
    WordSpec{"-e", "--errorcounters", false, "Error counts of each link."},
    WordSpec{"-gt", "--getthroughput", true, "What each link carried: d payload, r with the protocol's own."},
    WordSpec{"-gBwMode", "--getBandwidthMode", false, "The bandwidth mode of all links."},
    WordSpec{"-ec", "--crcerrorcounters"},
    WordSpec{"-gLowPwrInfo", "--getLowPowerInfo"},
    WordSpec{"-cBridge", "--checkBridge"},
    WordSpec{"-gLWidth", "--getLinkWidth"},
    WordSpec{"-info", "--info"},
    WordSpec{"-sc", "--setcontrol", true, "", not_built},
    WordSpec{"-gc", "--getcontrol", false, "", not_built},
    WordSpec{"-g", "--getcounters", false, "", not_built},
    WordSpec{"-r", "--resetcounters", true, "", not_built},
    WordSpec{"-re", "--reseterrorcounters", false, "", not_built},
    WordSpec{"-sLowPwrThres", "--setLowPowerThreshold", true, "", not_built},
    WordSpec{"-sBwMode", "--setBandwidthMode", true, "", not_built},
    WordSpec{"-sLWidth", "--setLinkWidth", true, "", not_built},
};
// Known for a GPU without links alone, for which they show nothing (recorded).
constexpr std::array<std::string_view, 5> unseen{"-ec", "-gLowPwrInfo", "-cBridge", "-gLWidth", "-info"};
constexpr std::size_t shown_options = 10;
constexpr SubcommandWords nvlink{"nvlink", "The NVLinks of each GPU.", specs};

struct Capability {
  LinkFigure figure;
  const char* text;
};
constexpr std::array<Capability, 6> capabilities{{
    {LinkFigure::peer_access, "P2P is supported"},
    {LinkFigure::system_memory_access, "Access to system memory supported"},
    {LinkFigure::peer_atomics, "P2P atomics supported"},
    {LinkFigure::system_memory_atomics, "System memory atomics supported"},
    {LinkFigure::sli, "SLI is supported"},
    {LinkFigure::valid, "Link is supported"},
}};

std::string number_or_unknown(const node::Answer<std::uint64_t>& figure, const char* unit) {
  return figure ? fmt::format("{}{}", *figure, unit) : "N/A";
}

// The lines of one link; none for what the driver does not say of it.
class LinkLines {
 public:
  LinkLines(Session& session, const Words& words) : session_(session), words_(words) {}

  [[nodiscard]] std::string of(GpuIndex gpu, std::uint32_t link) const {
    auto& node = session_.node;
    const auto figure = [&](LinkFigure wanted) { return node.links().link_figure(gpu, link, wanted); };
    if (words_.has("-s")) {
      constexpr double mb_per_gb = 1000;
      const auto speed = figure(LinkFigure::speed_mb);
      const bool up = figure(LinkFigure::state).value_or(0) != 0;
      return fmt::format("\t Link {}: {}\n", link,
                         !up     ? "<inactive>"
                         : speed ? fmt::format("{:.6g} GB/s", static_cast<double>(*speed) / mb_per_gb)
                                 : "N/A");
    }
    if (words_.has("-c")) {
      std::string lines;
      for (const auto& capability : capabilities) {
        if (const auto can = figure(capability.figure))
          lines += fmt::format("\t Link {}, {}: {}\n", link, capability.text, *can != 0);
      }
      return lines;
    }
    if (words_.has("-p") || words_.has("-R")) {
      const auto peer = node.links().link_peer(gpu, link);
      if (!peer) return {};
      if (words_.has("-p")) return fmt::format("\t Link {}: {}\n", link, peer->bus_id);
      return fmt::format("\t Link {}: Remote Device {}: Link {}\n", link, peer->bus_id,
                         peer->link ? fmt::format("{}", *peer->link) : "N/A");
    }
    if (words_.has("-e")) {
      const auto count = [&](LinkFigure wanted) { return number_or_unknown(figure(wanted), ""); };
      return fmt::format(
          "\t Link {0}: Replay Errors: {1}\n\t Link {0}: Recovery Errors: {2}\n\t Link {0}: CRC Errors: {3}\n\n", link,
          count(LinkFigure::replay_errors), count(LinkFigure::recovery_errors), count(LinkFigure::flit_crc_errors));
    }
    const bool raw = words_.value("-gt") == "r";
    return fmt::format(
        "\t Link {0}: {1} Tx: {2}\n\t Link {0}: {1} Rx: {3}\n", link, raw ? "Raw" : "Data",
        number_or_unknown(figure(raw ? LinkFigure::raw_sent_kib : LinkFigure::data_sent_kib), " KiB"),
        number_or_unknown(figure(raw ? LinkFigure::raw_received_kib : LinkFigure::data_received_kib), " KiB"));
  }

 private:
  Session& session_;
  const Words& words_;
};

// The links that the GPU has, up or not; with -l that one alone.
std::vector<std::uint32_t> links_of(Session& session, GpuIndex gpu, std::optional<long> only) {
  std::vector<std::uint32_t> links;
  for (std::uint32_t link = 0; link < node::most_links; ++link) {
    if (only && *only != static_cast<long>(link)) continue;
    if (session.node.links().link_figure(gpu, link, LinkFigure::state)) links.push_back(link);
  }
  return links;
}

void print_links(Session& session, const Words& words) {
  const LinkLines lines(session, words);
  for (const GpuIndex gpu : session.gpus) {
    const auto links = links_of(session, gpu, words.number("-l"));
    if (links.empty()) continue;
    session.out << gpu_line(session.node, gpu);
    bool any_up = false;
    for (const auto link : links)
      any_up = any_up || session.node.links().link_figure(gpu, link, LinkFigure::state).value_or(0) != 0;
    if (words.has("-s") && !any_up) {
      session.out << "NVML: Unable to retrieve NVLink information as all links are inActive\n";
      continue;
    }
    for (const auto link : links) session.out << lines.of(gpu, link);
  }
}

}  // namespace

int run_nvlink(const Call& call, const std::vector<std::string>& typed) {
  const auto words = read_words(call, {nvlink.name, nvlink.about, specs}, typed);
  if (!words) return words.error();
  if (words->empty()) {
    print_usage(call.out, nvlink.name, nvlink.about, std::span(specs).first(shown_options));
    return 0;
  }
  const auto opened = open_with_gpus(call, words->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  if (words->has("-gBwMode")) {
    constexpr std::array modes{"FULL", "OFF", "MIN", "HALF", "3QUARTER"};
    const auto mode = session.node.links().link_bandwidth_mode();
    if (!mode) {
      session.out << mode.error().text << '\n';
      return exit_status(mode.error().code);
    }
    session.out << fmt::format("GPU NVLINK bandwidth mode: {}\n", *mode < modes.size() ? modes.at(*mode) : "N/A");
    return 0;
  }
  for (const auto option : unseen) {
    if (!words->has(option)) continue;
    for (const GpuIndex gpu : session.gpus) {
      if (!links_of(session, gpu, std::nullopt).empty())
        return say_not_there_yet(call, fmt::format("nvlink {} of a GPU with links", option));
    }
    return 0;
  }
  print_links(session, *words);
  return 0;
}

}  // namespace gpuslice::smi
