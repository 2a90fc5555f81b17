#include "smi/links/topo_tables.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "smi/cells.hpp"
#include "smi/links/number_list.hpp"

namespace gpuslice::smi {
namespace {

using fields::Reading;
using node::LinkFigure;
using node::PathLevel;
using node::PeerAccess;
using node::PeerStatus;

constexpr const char* underline = "\x1b[4m";
constexpr const char* plain = "\x1b[0m";
constexpr int table_failed = 255;

// In the order of PathLevel.
constexpr std::array<LevelText, 6> levels{{
    {"PIX", "by way of an single on-board PCIe switch"},
    {"PIX", "by way of a single PCIe switch"},
    {"PXB", "by way of potentially multiple PCIe switches"},
    {"PHB", "by the same PCIe host bridge"},
    {"NODE", "by way of an on-CPU interconnect between PCIe host bridges"},
    {"SYS", "by way of an SMP interconnect link between NUMA nodes"},
}};

constexpr const char* path_legend =
    "\nLegend:\n\n"
    "  X    = Self\n"
    "  SYS  = Connection traversing PCIe as well as the SMP interconnect between NUMA nodes (e.g., QPI/UPI)\n"
    "  NODE = Connection traversing PCIe as well as the interconnect between PCIe Host Bridges within a NUMA node\n"
    "  PHB  = Connection traversing PCIe as well as a PCIe Host Bridge (typically the CPU)\n"
    "  PXB  = Connection traversing multiple PCIe bridges (without traversing the PCIe Host Bridge)\n"
    "  PIX  = Connection traversing at most a single PCIe bridge\n";
constexpr const char* nvlink_legend = "  NV#  = Connection traversing a bonded set of # NVLinks\n";
constexpr const char* peer_legend =
    "\nLegend:\n\n"
    "  X    = Self\n"
    "  OK   = Status Ok\n"
    "  CNS  = Chipset not supported\n"
    "  GNS  = GPU not supported\n"
    "  TNS  = Topology not supported\n"
    "  NS   = Not supported\n"
    "  U    = Unknown\n";

const char* peer_word(PeerStatus status) {
  switch (status) {
    case PeerStatus::ok:
      return "OK";
    case PeerStatus::chipset_not_supported:
      return "CNS";
    case PeerStatus::gpu_not_supported:
      return "GNS";
    case PeerStatus::topology_not_supported:
      return "TNS";
    case PeerStatus::disabled_by_key:
      return "DR";
    case PeerStatus::not_supported:
      return "NS";
    case PeerStatus::unknown:
      return "U";
  }
  return "U";
}

std::string gpu_label(GpuIndex gpu) { return fmt::format("GPU{}", gpu.value); }

std::vector<GpuIndex> within_reach(Session& session) {
  auto gpus = session.gpus;
  std::erase_if(gpus, [&](GpuIndex gpu) { return !session.node.identity().reachable(gpu); });
  return gpus;
}

// A table is printed only if each of its GPUs reports its brand and PCI address.
bool all_known(Session& session, const std::vector<GpuIndex>& gpus) {
  return !gpus.empty() && std::ranges::all_of(gpus, [&](GpuIndex gpu) {
    return session.node.readings().read(gpu, Reading::brand) && session.node.identity().pci(gpu);
  });
}

// The active links of each GPU, by the PCI address of their other end.
class Links {
 public:
  Links(Session& session, const std::vector<GpuIndex>& gpus) {
    for (const GpuIndex gpu : gpus) {
      const auto pci = session.node.identity().pci(gpu);
      addresses_.push_back(pci ? pci->bus_id : std::string{});
      peers_.push_back(peers_of(session, gpu));
    }
  }

  // The number of links between two GPUs: those that end at the other GPU; if they end at switches, the lower of the
  // two GPUs' counts. nullopt if the GPU refused to report where one of its links ends.
  [[nodiscard]] std::optional<std::size_t> between(std::size_t one, std::size_t other) const {
    if (!peers_[one]) return std::nullopt;
    const auto direct = std::ranges::count(*peers_[one], addresses_[other]);
    if (direct > 0) return static_cast<std::size_t>(direct);
    return std::min(to_switches(one), to_switches(other));
  }

 private:
  using Peers = std::optional<std::vector<std::string>>;

  static Peers peers_of(Session& session, GpuIndex gpu) {
    std::vector<std::string> peers;
    for (std::uint32_t link = 0; link < node::most_links; ++link) {
      const auto peer = session.node.links().link_peer(gpu, link);
      if (!peer && peer.error().code != node::err_not_supported) return std::nullopt;
      if (session.node.links().link_figure(gpu, link, LinkFigure::state).value_or(0) != 0)
        peers.push_back(peer ? peer->bus_id : std::string{});
    }
    return peers;
  }
  [[nodiscard]] std::size_t to_switches(std::size_t gpu) const {
    if (!peers_[gpu]) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(*peers_[gpu], [this](const std::string& address) {
      return !address.empty() && std::ranges::find(addresses_, address) == addresses_.end();
    }));
  }
  std::vector<std::string> addresses_;
  std::vector<Peers> peers_;
};

// The list as text; nothing if it was refused, so that its column is empty.
std::string list_or_nothing(const node::Answer<std::vector<std::uint32_t>>& numbers) {
  if (!numbers) return "";
  return numbers->empty() ? "N/A" : ranges_text(*numbers, most_ranges);
}

// One line of the matrix; nullopt if the driver refuses a reading that the line needs.
std::optional<std::string> matrix_row(Session& session, const std::vector<GpuIndex>& gpus, std::size_t row,
                                      const Links* links) {
  const GpuIndex gpu = gpus[row];
  std::string line = gpu_label(gpu) + '\t';
  for (std::size_t column = 0; column < gpus.size(); ++column) {
    if (row == column) {
      line += " X \t";
      continue;
    }
    const auto level = session.node.topology().path_level(gpu, gpus[column]);
    if (!level) return std::nullopt;
    std::size_t bonded = 0;
    if (links != nullptr) {
      const bool told = session.node.readings().read(gpu, Reading::architecture) &&
                        session.node.readings().read(gpus[column], Reading::architecture);
      const auto count = links->between(row, column);
      if (!told || !count) return std::nullopt;
      bonded = *count;
    }
    line += (bonded > 0 ? fmt::format("NV{}", bonded) : level_text(*level).mark) + std::string("\t");
  }
  const auto own = session.node.topology().own_numa_node(gpu);
  return line + fmt::format("{}\t{}\t\t{}\n", list_or_nothing(session.node.topology().cpus_near(gpu)),
                            list_or_nothing(session.node.topology().numa_nodes_near(gpu)),
                            own ? fmt::format("{}", *own) : "N/A");
}

}  // namespace

const LevelText& level_text(PathLevel level) { return levels.at(static_cast<std::size_t>(level)); }

int print_matrix(Session& session, bool with_links) {
  const auto failed = [&] {
    session.out << "Failed to run topology matrix\n\n";
    return table_failed;
  };
  const auto gpus = within_reach(session);
  if (!all_known(session, gpus)) return failed();
  std::vector<std::string> names;
  for (const GpuIndex gpu : gpus) names.push_back(gpu_label(gpu));
  session.out << fmt::format("\t{}{}\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID{}\n", underline, fmt::join(names, "\t"),
                             plain);
  const auto links = with_links ? std::optional<Links>(Links(session, gpus)) : std::nullopt;
  for (std::size_t row = 0; row < gpus.size(); ++row) {
    const auto line = matrix_row(session, gpus, row, links ? &*links : nullptr);
    if (!line) return failed();
    session.out << *line;
  }
  session.out << path_legend << (with_links ? nvlink_legend : "");
  return 0;
}

// The port does not know NVMe devices, so this is the table of a host without any.
int print_nvme_matrix(Session& session) {
  const auto gpus = within_reach(session);
  if (!all_known(session, gpus)) {
    session.out << "Failed to run nvme topology matrix\n\n";
    return table_failed;
  }
  session.out << '\t' << underline << plain << '\n';
  for (const GpuIndex gpu : gpus) session.out << gpu_label(gpu) << "\t\n";
  session.out << path_legend;
  return 0;
}

void print_peers(Session& session, PeerAccess access) {
  session.out << " \t" << underline;
  for (const GpuIndex gpu : within_reach(session)) session.out << gpu_label(gpu) << '\t';
  session.out << plain << '\n';
  for (const GpuIndex gpu : session.gpus) {
    session.out << ' ' << gpu_label(gpu) << '\t';
    for (const GpuIndex other : session.gpus) {
      if (gpu == other) {
        session.out << "X\t";
      } else if (const auto status = session.node.topology().peer_status(gpu, other, access)) {
        session.out << peer_word(*status) << '\t';
      }
    }
    session.out << '\n';
  }
  session.out << peer_legend;
}

}  // namespace gpuslice::smi
