// `nvidia-smi nvlink`: the NVLinks of each GPU.
//
// Sources: for a GPU without links, a recording (it prints nothing); for the lines of links, published output.
#include <array>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/links/link_speed.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

using node::LinkFigure;

// The group of options whose output is known only for GPUs without links, where they print nothing.
constexpr unsigned unseen_with_links = 1;
constexpr Option unseen(std::string_view short_name, std::string_view long_name) {
  return {.short_name = short_name, .long_name = long_name, .group = unseen_with_links};
}
constexpr std::array nvlink_options{
    help_option,
    id_option,
    Option{"-l", "--link", Takes::value, "Only this link."},
    Option{"-s", "--status", Takes::nothing, "Which links are up, and how fast."},
    Option{"-c", "--capabilities", Takes::nothing, "What each link can do."},
    Option{"-p", "--pcibusid", Takes::nothing, "PCI address of the other end of each link."},
    Option{"-R", "--remotelinkinfo", Takes::nothing, "The same, with the number of the link there."},
    Option{"-e", "--errorcounters", Takes::nothing, "Error counts of each link."},
    Option{"-gt", "--getthroughput", Takes::value, "What each link carried: d payload, r with the protocol's own."},
    Option{"-gBwMode", "--getBandwidthMode", Takes::nothing, "The bandwidth mode of all links."},
    unseen("-ec", "--crcerrorcounters"),
    unseen("-gLowPwrInfo", "--getLowPowerInfo"),
    unseen("-cBridge", "--checkBridge"),
    unseen("-gLWidth", "--getLinkWidth"),
    unseen("-info", "--info"),
    Option{"-sc", "--setcontrol", Takes::value, "", not_built},
    Option{"-gc", "--getcontrol", Takes::nothing, "", not_built},
    Option{"-g", "--getcounters", Takes::nothing, "", not_built},
    Option{"-r", "--resetcounters", Takes::value, "", not_built},
    Option{"-re", "--reseterrorcounters", Takes::nothing, "", not_built},
    Option{"-sLowPwrThres", "--setLowPowerThreshold", Takes::value, "", not_built},
    Option{"-sBwMode", "--setBandwidthMode", Takes::value, "", not_built},
    Option{"-sLWidth", "--setLinkWidth", Takes::value, "", not_built},
};
constexpr std::size_t shown_options = 10;  // in the help that is printed without arguments
constexpr OptionTable nvlink{"nvlink", "The NVLinks of each GPU.", nvlink_options};

struct LinkCapability {
  LinkFigure figure;
  const char* text;
};
constexpr std::array<LinkCapability, 6> capabilities{{
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

// The lines of one link. A line for which the driver reports nothing is empty.
class LinkLines {
 public:
  LinkLines(Session& session, const TypedOptions& options) : session_(session), options_(options) {}

  [[nodiscard]] std::string of(GpuIndex gpu, std::uint32_t link) const {
    auto& node = session_.node;
    const auto figure = [&](LinkFigure wanted) { return node.links().link_figure(gpu, link, wanted); };
    if (options_.has("-s")) {
      const auto speed = figure(LinkFigure::speed_mb);
      return fmt::format("\t Link {}: {}\n", link, link_speed(figure(LinkFigure::state), speed));
    }
    if (options_.has("-c")) {
      std::string lines;
      for (const auto& capability : capabilities) {
        if (const auto can = figure(capability.figure))
          lines += fmt::format("\t Link {}, {}: {}\n", link, capability.text, *can != 0);
      }
      return lines;
    }
    if (options_.has("-p") || options_.has("-R")) {
      const auto peer = node.links().link_peer(gpu, link);
      if (!peer) return {};
      if (options_.has("-p")) return fmt::format("\t Link {}: {}\n", link, peer->bus_id);
      return fmt::format("\t Link {}: Remote Device {}: Link {}\n", link, peer->bus_id,
                         peer->link ? fmt::format("{}", *peer->link) : "N/A");
    }
    if (options_.has("-e")) {
      const auto count = [&](LinkFigure wanted) { return number_or_unknown(figure(wanted), ""); };
      return fmt::format(
          "\t Link {0}: Replay Errors: {1}\n\t Link {0}: Recovery Errors: {2}\n\t Link {0}: CRC Errors: {3}\n\n", link,
          count(LinkFigure::replay_errors), count(LinkFigure::recovery_errors), count(LinkFigure::flit_crc_errors));
    }
    const bool raw = options_.value("-gt") == "r";
    return fmt::format(
        "\t Link {0}: {1} Tx: {2}\n\t Link {0}: {1} Rx: {3}\n", link, raw ? "Raw" : "Data",
        number_or_unknown(figure(raw ? LinkFigure::raw_sent_kib : LinkFigure::data_sent_kib), " KiB"),
        number_or_unknown(figure(raw ? LinkFigure::raw_received_kib : LinkFigure::data_received_kib), " KiB"));
  }

 private:
  Session& session_;
  const TypedOptions& options_;
};

// The links that the GPU has, up or down; with -l only the one given.
std::vector<std::uint32_t> links_of(Session& session, GpuIndex gpu, std::optional<long> only) {
  std::vector<std::uint32_t> links;
  for (std::uint32_t link = 0; link < node::most_links; ++link) {
    if (only && *only != static_cast<long>(link)) continue;
    if (session.node.links().link_figure(gpu, link, LinkFigure::state)) links.push_back(link);
  }
  return links;
}

void print_links(Session& session, const TypedOptions& options) {
  const LinkLines lines(session, options);
  for (const GpuIndex gpu : session.gpus) {
    const auto links = links_of(session, gpu, options.number("-l"));
    if (links.empty()) continue;
    session.out << gpu_line(session.node, gpu);
    bool any_up = false;
    for (const auto link : links)
      any_up = any_up || session.node.links().link_figure(gpu, link, LinkFigure::state).value_or(0) != 0;
    if (options.has("-s") && !any_up) {
      session.out << "NVML: Unable to retrieve NVLink information as all links are inActive\n";
      continue;
    }
    for (const auto link : links) session.out << lines.of(gpu, link);
  }
}

}  // namespace

int run_nvlink(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, nvlink, arguments);
  if (!options) return options.error();
  if (options->empty()) {
    auto shown = nvlink;
    shown.options = shown.options.first(shown_options);
    return answer_with_usage(call, shown);
  }
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  if (options->has("-gBwMode")) {
    constexpr std::array modes{"FULL", "OFF", "MIN", "HALF", "3QUARTER"};
    const auto mode = session.node.links().link_bandwidth_mode();
    if (!mode) return answer_refused(session.out, mode.error());
    session.out << fmt::format("GPU NVLINK bandwidth mode: {}\n", word_of(modes, *mode, "N/A"));
    return 0;
  }
  for (const auto& option : nvlink_options) {
    if (option.group != unseen_with_links || !options->has(option.name())) continue;
    for (const GpuIndex gpu : session.gpus) {
      if (!links_of(session, gpu, std::nullopt).empty())
        return say_not_there_yet(call, fmt::format("nvlink {} of a GPU with links", option.name()));
    }
    return 0;
  }
  print_links(session, *options);
  return 0;
}

}  // namespace gpuslice::smi
