// `nvidia-smi topo`: how GPUs reach each other, and which CPUs and memory are near them.
//
// What one GPU shows is recorded; rows of several GPUs are as in published output of drivers 535 to 590.
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "smi/gpu_select.hpp"
#include "smi/links/number_list.hpp"
#include "smi/links/topo_tables.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

using node::PathLevel;
using node::PeerAccess;

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

std::optional<PeerAccess> access_of(const std::string& letters) {
  constexpr std::string_view known = "rwnap";
  const auto at = letters.empty() ? std::string_view::npos : known.find(letters.front());
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<PeerAccess>(at);
}

int failed(Session& session, const char* what) {
  session.out << "Failed to display " << what << "\n\n";
  constexpr int display_failed = 255;
  return display_failed;
}

std::string list(const std::vector<GpuIndex>& gpus) {
  std::vector<std::uint32_t> indices;
  for (const GpuIndex gpu : gpus) indices.push_back(gpu.value);
  return fmt::format("{}", fmt::join(indices, ", "));
}

int print_nearest(Session& session, long number) {
  constexpr const char* nearest = "the nearest GPUs";
  constexpr auto last = static_cast<long>(PathLevel::system);
  if (number < 0 || number > last) return failed(session, nearest);
  const auto level = static_cast<PathLevel>(number);
  const auto gpu = session.gpus.front();
  const auto near = session.node.topology().nearest_gpus(gpu, level);
  if (!near || !near->whole) return failed(session, nearest);
  const auto way = words_of(level).by_way_of;
  if (near->gpus.empty()) {
    session.out << fmt::format("Device {} is not connected to other devices {}.\n\n", gpu.value, way);
    return 0;
  }
  session.out << fmt::format("Device {} is connected {} to device(s): {}\n\n", gpu.value, way, list(near->gpus));
  return 0;
}

constexpr const char* needs_two =
    "Path command line flag must be used in conjection with the -i argument which must be two GPU identifiers.\n\n";

int print_path(Session& session) {
  if (session.gpus.size() != 2) {
    session.out << needs_two;
    return words_wrong;
  }
  const auto level = session.node.topology().path_level(session.gpus[0], session.gpus[1]);
  if (!level) return failed(session, "the GPU path information");
  session.out << fmt::format("Device {} is connected to device {} {}.\n\n", session.gpus[0].value,
                             session.gpus[1].value, words_of(*level).by_way_of);
  return 0;
}

int print_near_cpu(Session& session, const std::string& cpu, std::uint32_t number) {
  constexpr const char* near_cpu = "GPUs with affinity for a given CPU information";
  const auto near = session.node.topology().gpus_near_cpu(number);
  if (!near) return failed(session, near_cpu);
  session.out << fmt::format("The GPUs that have an affinity with CPU {} are:\n{}", cpu, list(near->gpus));
  if (!near->whole) {
    session.out << (near->gpus.empty() ? "" : ", ");
    return failed(session, near_cpu);
  }
  session.out << "\n\n";
  return 0;
}

int print_memory(Session& session, const Words& words) {
  const auto gpu = session.gpus.front();
  if (words.has("-gnid")) {
    const auto own = session.node.topology().own_numa_node(gpu);
    session.out << (own ? fmt::format("{}\n", *own) : "N/A\n");
    return 0;
  }
  const bool of_cpu = words.has("-C");
  const auto near = session.node.topology().numa_nodes_near(gpu);
  if (!near) return failed(session, of_cpu ? "NUMA ID of nearest CPU" : "NUMA ID of nearest memory");
  session.out << fmt::format("NUMA IDs of closest {}: {}\n", of_cpu ? "CPU" : "memory",
                             near->empty() ? "N/A" : ranges_text(*near, most_ranges));
  return 0;
}

// What is of a single GPU, as nvidia-smi calls it.
const char* of_one_gpu(const Words& words) {
  if (words.has("-n")) return "Nearest GPUs argument";
  if (words.has("-C")) return "NUMA ID of nearest CPU";
  if (words.has("-M")) return "NUMA ID of nearest memory";
  return words.has("-gnid") ? "GPU NUMA ID command" : nullptr;
}
constexpr const char* needs_one =
    " must be used in conjunction with the -i argument which must be a single identifier.\n\n";

// What needs no driver to be wrong.
std::optional<int> refuse(const Call& call, const Words& words) {
  if (const auto letters = words.value("-p2p"); letters && !access_of(*letters)) {
    call.out << "Invalid p2p capability index specified at the command-line\n";
    return words_wrong;
  }
  const auto ids = words.value("-i");
  const auto count = ids ? split_list(*ids).size() : 0;
  if (words.has("-p") && count != 2) {
    call.out << needs_two;
    return words_wrong;
  }
  for (const char* option : {"-n", "-c"}) {
    const auto value = words.value(option);
    if (!value || (!value->empty() && value->find_first_not_of("0123456789") == std::string::npos)) continue;
    call.out << fmt::format("Option \"{}\" is invalid for \"{}\".\n", *value, option);
    return words_wrong;
  }
  if (const char* option = of_one_gpu(words); option != nullptr && !ids) {
    call.out << option << needs_one;
    return words_wrong;
  }
  const bool takes_ids = words.has("-p") || words.has("-n") || words.has("-C") || words.has("-M") || words.has("-gnid");
  if (ids && !takes_ids) {
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
  const auto ids = words->value("-i");
  const auto opened = open_with_gpus(call, ids, ids ? Unreachable::left_out : Unreachable::kept);
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  if (const char* option = of_one_gpu(*words); option != nullptr && session.gpus.size() != 1) {
    session.out << option << needs_one;
    return words_wrong;
  }
  if (words->has("-m") || words->has("-mp")) return print_matrix(session, words->has("-m"));
  if (words->has("-nvme")) return print_nvme_matrix(session);
  if (words->has("-p")) return print_path(session);
  if (const auto number = words->number("-n")) return print_nearest(session, *number);
  if (const auto cpu = words->number("-c"))
    return print_near_cpu(session, *words->value("-c"), static_cast<std::uint32_t>(*cpu));
  if (const auto letters = words->value("-p2p")) {
    print_peers(session, *access_of(*letters));
    return 0;
  }
  return print_memory(session, *words);
}

}  // namespace gpuslice::smi
