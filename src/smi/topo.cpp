// `nvidia-smi topo`: how GPUs reach each other, and which CPUs and memory are near them.
//
// What one GPU shows is recorded; rows of several GPUs are as in published output of drivers 535 to 590.
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "smi/gpu_select.hpp"
#include "smi/layout.hpp"
#include "smi/number_list.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

using node::LinkFigure;
using node::PathLevel;
using node::PeerAccess;
using node::PeerStatus;

constexpr std::array specs{
    WordSpec{"-h", "--help", false, "This text."},
    WordSpec{"-m", "--matrix", false, "Table of how each GPU reaches each other one, NVLink counted."},
    WordSpec{"-mp", "--matrix_pci", false, "The same by PCIe alone."},
    WordSpec{"-i", "--id", true, "GPUs, by index, PCI address or UUID, comma separated; for -n, -p, -C, -M and -gnid."},
    WordSpec{"-c", "--cpu", true, "The GPUs near this CPU."},
    WordSpec{
        "-n", "--nearest_gpus", true,
        "The GPUs that the one of -i reaches by: 0 a switch of their board, 1 one switch, 2 switches, 3 a host bridge, "
        "4 a link of one CPU, 5 a link between CPUs."},
    WordSpec{"-p", "--gpu_path", false, "How the two GPUs of -i reach each other."},
    WordSpec{"-p2p", "--p2pstatus", true, "Table of peer access: r read, w write, n NVLink, a atomics, p PCIe."},
    WordSpec{"-C", "--get-numa-id-of-nearby-cpu", false, "NUMA node of the CPUs near the GPU of -i."},
    WordSpec{"-M", "--get-numa-id-of-nearby-mem", false, "NUMA node of the memory near the GPU of -i."},
    WordSpec{"-gnid", "--gpu-numa-id", false, "NUMA node of the memory of the GPU of -i."},
    WordSpec{"-nvme", "--matrix_nvme", false, "Table of how each GPU reaches each NVMe device."},
};
constexpr SubcommandWords topo{"topo", "How GPUs, CPUs and memory are connected.", specs};

constexpr const char* underline = "\x1b[4m";
constexpr const char* plain = "\x1b[0m";
constexpr std::size_t most_cpu_ranges = 6;  // more are not shown (published output of hosts that count CPUs in turn)

struct LevelWords {
  const char *mark, *by_way_of;
};
// By PathLevel.
constexpr std::array<LevelWords, 6> levels{{
    {"PIX", "an single on-board PCIe switch"},
    {"PIX", "a single PCIe switch"},
    {"PXB", "multiple PCIe switches"},
    {"PHB", "a PCIe host bridge"},
    {"NODE", "an on-CPU interconnect between PCIe host bridges"},
    {"SYS", "an SMP interconnect link between NUMA nodes"},
}};
const LevelWords& words_of(PathLevel level) { return levels.at(static_cast<std::size_t>(level)); }

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

const char* peer_word(const node::Answer<PeerStatus>& status) {
  if (!status) return "U";
  switch (*status) {
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

std::vector<std::string> gpu_names(const Session& session) {
  std::vector<std::string> names;
  for (const GpuIndex gpu : session.gpus) names.push_back(fmt::format("GPU{}", gpu.value));
  return names;
}

// The links of a GPU that are up, by the PCI address of their other end.
std::vector<std::string> peers_of(Session& session, GpuIndex gpu) {
  std::vector<std::string> peers;
  for (std::uint32_t link = 0; link < node::most_links; ++link) {
    if (session.node.link_figure(gpu, link, LinkFigure::state).value_or(0) == 0) continue;
    const auto peer = session.node.link_peer(gpu, link);
    peers.push_back(peer ? peer->bus_id : std::string{});
  }
  return peers;
}

// The links between two GPUs: those that end at the other one; or, where links end at switches, as many as both have.
class Links {
 public:
  explicit Links(Session& session) {
    for (const GpuIndex gpu : session.gpus) {
      const auto pci = session.node.pci(gpu);
      addresses_.push_back(pci ? pci->bus_id : std::string{});
      peers_.push_back(peers_of(session, gpu));
    }
  }
  [[nodiscard]] std::size_t between(std::size_t one, std::size_t other) const {
    const auto direct = std::ranges::count(peers_[one], addresses_[other]);
    if (direct > 0) return static_cast<std::size_t>(direct);
    return std::min(to_switches(one), to_switches(other));
  }

 private:
  [[nodiscard]] std::size_t to_switches(std::size_t gpu) const {
    return static_cast<std::size_t>(std::ranges::count_if(peers_[gpu], [this](const std::string& address) {
      return !address.empty() && std::ranges::find(addresses_, address) == addresses_.end();
    }));
  }
  std::vector<std::string> addresses_;
  std::vector<std::vector<std::string>> peers_;
};

std::string list_or_unknown(const node::Answer<std::vector<std::uint32_t>>& numbers, std::size_t most) {
  return numbers && !numbers->empty() ? ranges_text(*numbers, most) : "N/A";
}

void print_matrix(Session& session, bool with_links) {
  const auto names = gpu_names(session);
  session.out << fmt::format("\t{}{}\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID{}\n", underline, fmt::join(names, "\t"),
                             plain);
  const std::optional<Links> links = with_links ? std::optional<Links>(session) : std::nullopt;
  for (std::size_t row = 0; row < names.size(); ++row) {
    const GpuIndex gpu = session.gpus[row];
    session.out << names[row] << '\t';
    for (std::size_t column = 0; column < names.size(); ++column) {
      const auto bonded = links && row != column ? links->between(row, column) : 0;
      const auto level = session.node.path_level(gpu, session.gpus[column]);
      session.out << (row == column ? " X "
                      : bonded > 0  ? fmt::format("NV{}", bonded)
                                    : (level ? words_of(*level).mark : "N/A"))
                  << '\t';
    }
    const auto own = session.node.own_numa_node(gpu);
    session.out << fmt::format("{}\t{}\t\t{}\n", list_or_unknown(session.node.cpus_near(gpu), most_cpu_ranges),
                               list_or_unknown(session.node.numa_nodes_near(gpu), most_cpu_ranges),
                               own ? fmt::format("{}", *own) : "N/A");
  }
  session.out << path_legend << (with_links ? nvlink_legend : "");
}

// The port knows no NVMe devices: the table is that of a host without any.
void print_nvme_matrix(Session& session) {
  session.out << '\t' << underline << plain << '\n';
  for (const auto& name : gpu_names(session)) session.out << name << "\t\n";
  session.out << path_legend;
}

std::optional<PeerAccess> access_of(const std::string& letters) {
  constexpr std::string_view known = "rwnap";
  const auto at = letters.empty() ? std::string_view::npos : known.find(letters.front());
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<PeerAccess>(at);
}

void print_peers(Session& session, PeerAccess access) {
  const auto names = gpu_names(session);
  session.out << " \t" << underline;
  for (const auto& name : names) session.out << name << '\t';
  session.out << plain << '\n';
  for (std::size_t row = 0; row < names.size(); ++row) {
    session.out << ' ' << names[row] << '\t';
    for (std::size_t column = 0; column < names.size(); ++column) {
      session.out << (row == column
                          ? "X"
                          : peer_word(session.node.peer_status(session.gpus[row], session.gpus[column], access)))
                  << '\t';
    }
    session.out << '\n';
  }
  session.out << peer_legend;
}

int print_nearest(Session& session, long number) {
  if (session.gpus.size() != 1 || number < 0 || number >= static_cast<long>(levels.size())) {
    session.out
        << "Nearest GPU command line flag must be used in conjection with the -i argument which must be a single "
           "GPU identifier.\n\n";
    return words_wrong;
  }
  const auto level = static_cast<PathLevel>(number);
  const auto gpu = session.gpus.front();
  const auto near = session.node.nearest_gpus(gpu, level);
  if (!near || near->empty()) {
    session.out << fmt::format("Device {} is not connected to other devices by way of {}.\n\n", gpu.value,
                               words_of(level).by_way_of);
    return 0;
  }
  std::vector<std::uint32_t> others;
  for (const GpuIndex other : *near) others.push_back(other.value);
  session.out << fmt::format("Device {} is connected to the following devices by way of {}:\n{}\n\n", gpu.value,
                             words_of(level).by_way_of, fmt::join(others, ", "));
  return 0;
}

int print_path(Session& session) {
  if (session.gpus.size() != 2) return words_wrong;
  const auto level = session.node.path_level(session.gpus[0], session.gpus[1]);
  if (!level) {
    session.out << level.error().text << '\n';
    return exit_status(level.error().code);
  }
  session.out << fmt::format("Device {} is connected to device {} by way of {}.\n\n", session.gpus[0].value,
                             session.gpus[1].value, words_of(*level).by_way_of);
  return 0;
}

void print_near_cpu(Session& session, const std::string& cpu, std::uint32_t number) {
  std::vector<std::uint32_t> near;
  for (const GpuIndex gpu : session.node.gpus_near_cpu(number).value_or(std::vector<GpuIndex>{}))
    near.push_back(gpu.value);
  session.out << fmt::format("The GPUs that have an affinity with CPU {} are:\n{}\n\n", cpu, fmt::join(near, ", "));
}

// What needs no driver to be wrong.
std::optional<int> refuse(const Call& call, const Words& words) {
  if (const auto letters = words.value("-p2p"); letters && !access_of(*letters)) {
    call.out << "Invalid p2p capability index specified at the command-line\n";
    return words_wrong;
  }
  const auto ids = words.value("-i");
  if (words.has("-p") && (!ids || split_list(*ids).size() != 2)) {
    call.out << "Path command line flag must be used in conjection with the -i argument which must be two GPU "
                "identifiers.\n\n";
    return words_wrong;
  }
  if (ids && (words.has("-m") || words.has("-mp"))) {
    call.out << "The -i command line argument must be used in conjunction with -n or -p.\n\n";
    constexpr int misplaced = 255;
    return misplaced;
  }
  return std::nullopt;
}

}  // namespace

int run_topo(const Call& call, const std::vector<std::string>& typed) {
  const auto words = read_words(call, topo, typed);
  if (!words) return words.error();
  if (words->empty()) {
    print_usage(call.out, topo.name, topo.about, topo.specs);
    return 0;
  }
  if (const auto status = refuse(call, *words)) return *status;
  const auto opened = open_with_gpus(call, words->value("-i"), Unreachable::kept);
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  if (words->has("-m")) {
    print_matrix(session, true);
  } else if (words->has("-mp")) {
    print_matrix(session, false);
  } else if (words->has("-nvme")) {
    print_nvme_matrix(session);
  } else if (const auto letters = words->value("-p2p")) {
    print_peers(session, *access_of(*letters));
  } else if (const auto number = words->number("-n")) {
    return print_nearest(session, *number);
  } else if (words->has("-p")) {
    const int status = print_path(session);
    if (status == words_wrong)
      call.out << "Path command line flag must be used in conjection with the -i argument which must be two GPU "
                  "identifiers.\n\n";
    return status;
  } else if (const auto cpu = words->number("-c")) {
    print_near_cpu(session, *words->value("-c"), static_cast<std::uint32_t>(*cpu));
  } else {
    for (const GpuIndex gpu : session.gpus) {
      const auto near = list_or_unknown(session.node.numa_nodes_near(gpu), most_cpu_ranges);
      const auto own = session.node.own_numa_node(gpu);
      if (words->has("-C"))
        session.out << fmt::format("NUMA IDs of closest CPU: {}\n", near);
      else if (words->has("-M"))
        session.out << fmt::format("NUMA IDs of closest memory: {}\n", near);
      else if (words->has("-gnid"))
        session.out << (own ? fmt::format("{}\n", *own) : "N/A\n");
    }
  }
  return 0;
}

}  // namespace gpuslice::smi
