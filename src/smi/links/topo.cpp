// `nvidia-smi topo`: the paths between GPUs, and the CPUs and memory close to them.
//
// The output for one GPU was recorded; the rows of several GPUs are taken from published output of drivers 535 to 590.
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

constexpr std::array topo_options{
    help_option,
    Option{"-m", "--matrix", Takes::nothing, "Table of how each GPU reaches each other one, NVLink counted."},
    Option{"-mp", "--matrix_pci", Takes::nothing, "The same by PCIe alone."},
    Option{"-i", "--id", Takes::value,
           "GPUs, by index, PCI address or UUID, comma separated; for -n, -p, -C, -M and -gnid."},
    Option{"-c", "--cpu", Takes::value, "The GPUs near this CPU."},
    Option{
        "-n", "--nearest_gpus", Takes::value,
        "The GPUs that the one of -i reaches by: 0 a switch of their board, 1 one switch, 2 switches, 3 a host bridge, "
        "4 a link of one CPU, 5 a link between CPUs."},
    Option{"-p", "--gpu_path", Takes::nothing, "How the two GPUs of -i reach each other."},
    Option{"-p2p", "--p2pstatus", Takes::value, "Table of peer access: r read, w write, n NVLink, a atomics, p PCIe."},
    Option{"-C", "--get-numa-id-of-nearby-cpu", Takes::nothing, "NUMA node of the CPUs near the GPU of -i."},
    Option{"-M", "--get-numa-id-of-nearby-mem", Takes::nothing, "NUMA node of the memory near the GPU of -i."},
    Option{"-gnid", "--gpu-numa-id", Takes::nothing, "NUMA node of the memory of the GPU of -i."},
    Option{"-nvme", "--matrix_nvme", Takes::nothing, "Table of how each GPU reaches each NVMe device."},
};
constexpr OptionTable topo{"topo", "How GPUs, CPUs and memory are connected.", topo_options};

std::optional<PeerAccess> access_of(const std::string& letters) {
  constexpr std::string_view known = "rwnap";
  const auto at = letters.empty() ? std::string_view::npos : known.find(letters.front());
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<PeerAccess>(at);
}

int failed_to_display(Session& session, const char* what) {
  session.out << "Failed to display " << what << "\n\n";
  constexpr int display_failed = 255;
  return display_failed;
}

std::string joined(const std::vector<GpuIndex>& gpus) {
  std::vector<std::uint32_t> indices;
  for (const GpuIndex gpu : gpus) indices.push_back(gpu.value);
  return fmt::format("{}", fmt::join(indices, ", "));
}

int print_nearest(Session& session, long number) {
  constexpr const char* nearest = "the nearest GPUs";
  constexpr auto last = static_cast<long>(PathLevel::system);
  if (number < 0 || number > last) return failed_to_display(session, nearest);
  const auto level = static_cast<PathLevel>(number);
  const auto gpu = session.gpus.front();
  const auto near = session.node.topology().nearest_gpus(gpu, level);
  if (!near || !near->whole) return failed_to_display(session, nearest);
  const auto way = level_text(level).by_way_of;
  if (near->gpus.empty()) {
    session.out << fmt::format("Device {} is not connected to other devices {}.\n\n", gpu.value, way);
    return 0;
  }
  session.out << fmt::format("Device {} is connected {} to device(s): {}\n\n", gpu.value, way, joined(near->gpus));
  return 0;
}

constexpr const char* needs_two =
    "Path command line flag must be used in conjection with the -i argument which must be two GPU identifiers.\n\n";

int print_path(Session& session) {
  if (session.gpus.size() != 2) {
    session.out << needs_two;
    return wrong_arguments;
  }
  const auto level = session.node.topology().path_level(session.gpus[0], session.gpus[1]);
  if (!level) return failed_to_display(session, "the GPU path information");
  session.out << fmt::format("Device {} is connected to device {} {}.\n\n", session.gpus[0].value,
                             session.gpus[1].value, level_text(*level).by_way_of);
  return 0;
}

int print_near_cpu(Session& session, const std::string& cpu, std::uint32_t number) {
  constexpr const char* near_cpu = "GPUs with affinity for a given CPU information";
  const auto near = session.node.topology().gpus_near_cpu(number);
  if (!near) return failed_to_display(session, near_cpu);
  session.out << fmt::format("The GPUs that have an affinity with CPU {} are:\n{}", cpu, joined(near->gpus));
  if (!near->whole) {
    session.out << (near->gpus.empty() ? "" : ", ");
    return failed_to_display(session, near_cpu);
  }
  session.out << "\n\n";
  return 0;
}

int print_numa_nodes(Session& session, const TypedOptions& options) {
  const auto gpu = session.gpus.front();
  if (options.has("-gnid")) {
    const auto own = session.node.topology().own_numa_node(gpu);
    session.out << (own ? fmt::format("{}\n", *own) : "N/A\n");
    return 0;
  }
  const bool of_cpu = options.has("-C");
  const auto near = session.node.topology().numa_nodes_near(gpu);
  if (!near) return failed_to_display(session, of_cpu ? "NUMA ID of nearest CPU" : "NUMA ID of nearest memory");
  session.out << fmt::format("NUMA IDs of closest {}: {}\n", of_cpu ? "CPU" : "memory",
                             near->empty() ? "N/A" : ranges_text(*near, most_ranges));
  return 0;
}

// The name with which nvidia-smi's message refers to an option that applies to a single GPU; nullptr for other options.
const char* of_one_gpu(const TypedOptions& options) {
  if (options.has("-n")) return "Nearest GPUs argument";
  if (options.has("-C")) return "NUMA ID of nearest CPU";
  if (options.has("-M")) return "NUMA ID of nearest memory";
  return options.has("-gnid") ? "GPU NUMA ID command" : nullptr;
}
constexpr const char* needs_one =
    " must be used in conjunction with the -i argument which must be a single identifier.\n\n";

// Refuses the arguments that are invalid whatever the driver answers.
std::optional<int> refuse(const Call& call, const TypedOptions& options) {
  if (const auto letters = options.value("-p2p"); letters && !access_of(*letters)) {
    call.out << "Invalid p2p capability index specified at the command-line\n";
    return wrong_arguments;
  }
  const auto ids = options.value("-i");
  const auto count = ids ? split_list(*ids).size() : 0;
  if (options.has("-p") && count != 2) {
    call.out << needs_two;
    return wrong_arguments;
  }
  for (const char* option : {"-n", "-c"}) {
    const auto value = options.value(option);
    if (!value || (!value->empty() && value->find_first_not_of("0123456789") == std::string::npos)) continue;
    call.out << invalid_value(*value, option) << '\n';
    return wrong_arguments;
  }
  if (const char* option = of_one_gpu(options); option != nullptr && !ids) {
    call.out << option << needs_one;
    return wrong_arguments;
  }
  const bool takes_ids =
      options.has("-p") || options.has("-n") || options.has("-C") || options.has("-M") || options.has("-gnid");
  if (ids && !takes_ids) {
    call.out << "The -i command line argument must be used in conjunction with -n or -p.\n\n";
    constexpr int misplaced = 255;
    return misplaced;
  }
  return std::nullopt;
}

}  // namespace

int run_topo(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, topo, arguments);
  if (!options) return options.error();
  if (options->empty()) return answer_with_usage(call, topo);
  if (const auto status = refuse(call, *options)) return *status;
  const auto ids = options->value("-i");
  const auto opened = open_with_gpus(call, ids, ids ? Unreachable::left_out : Unreachable::kept);
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  if (const char* option = of_one_gpu(*options); option != nullptr && session.gpus.size() != 1) {
    session.out << option << needs_one;
    return wrong_arguments;
  }
  if (options->has("-m") || options->has("-mp")) return print_matrix(session, options->has("-m"));
  if (options->has("-nvme")) return print_nvme_matrix(session);
  if (options->has("-p")) return print_path(session);
  if (const auto number = options->number("-n")) return print_nearest(session, *number);
  if (const auto cpu = options->number("-c"))
    return print_near_cpu(session, *options->value("-c"), static_cast<std::uint32_t>(*cpu));
  if (const auto letters = options->value("-p2p")) {
    print_peers(session, *access_of(*letters));
    return 0;
  }
  return print_numa_nodes(session, *options);
}

}  // namespace gpuslice::smi
