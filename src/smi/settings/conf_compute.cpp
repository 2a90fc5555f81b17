// `nvidia-smi conf-compute`: confidential computing of the system and its GPUs.
#include <array>

#include <fmt/format.h>

#include "smi/layout.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

constexpr bool not_built = false;
constexpr std::array specs{
    WordSpec{"-h", "--help", false, "This text."},
    WordSpec{"-i", "--id", true, "GPUs, by index, PCI address or UUID, comma separated."},
    WordSpec{"-e", "--get-environment", false, "The environment: production, simulation, or none."},
    WordSpec{"-f", "--get-cc-feature", false, "Whether it is on."},
    WordSpec{"-gm", "--get-mem-size-info", false, "Sizes of each GPU's protected and unprotected memory."},
    WordSpec{"-grs", "--get-gpus-ready-state", false, "Whether the GPUs take work."},
    WordSpec{"-gc", "--get-cpu-caps", false, "", not_built},
    WordSpec{"-gg", "--get-gpus-caps", false, "", not_built},
    WordSpec{"-d", "--get-devtools-mode", false, "", not_built},
    WordSpec{"-sm", "--set-unprotected-mem-size", true, "", not_built},
    WordSpec{"-srs", "--set-gpus-ready-state", true, "", not_built},
    WordSpec{"-skr", "--set-key-rotation-max-attacker-advantage", true, "", not_built},
    WordSpec{"-gkr", "--get-key-rotation-threshold-info", false, "", not_built},
    WordSpec{"-mgm", "--get-multigpu-mode", false, "", not_built},
    WordSpec{"-q", "--query-conf-compute", false, "", not_built},
};
constexpr SubcommandWords conf_compute{"conf-compute", "Confidential computing.", specs};

int print_memory(Session& session) {
  for (const GpuIndex gpu : session.gpus) {
    const auto sizes = session.node.monitoring().confidential_memory(gpu);
    if (!sizes) {
      session.out << sizes.error().text << '\n';
      return exit_status(sizes.error().code);
    }
    session.out << gpu_line(session.node, gpu)
                << fmt::format("Protected memory size:   {} KiB\nUnprotected memory size: {} KiB\n",
                               sizes->protected_kib, sizes->unprotected_kib);
  }
  return 0;
}

}  // namespace

// Recorded where it is off; ON, PRODUCTION and both ready states from published output, SIMULATION after NVML's name.
int run_conf_compute(const Call& call, const std::vector<std::string>& typed) {
  const auto words = read_words(call, conf_compute, typed);
  if (!words) return words.error();
  const bool state = words->has("-e") || words->has("-f") || words->has("-grs");
  if (!state && !words->has("-gm")) {
    print_usage(call.out, conf_compute.name, conf_compute.about, conf_compute.specs);
    return 0;
  }
  const auto opened = open_with_gpus(call, words->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  if (!state) return print_memory(session);
  const auto all = session.node.monitoring().confidential_compute();
  if (!all) {
    // Recorded: boards before Ampere are not even asked.
    constexpr std::uint64_t ampere = 7;
    const auto architecture = session.node.readings().read(session.gpus.front(), fields::Reading::architecture);
    if (words->has("-f") && architecture && architecture->number() < ampere) {
      session.out << "No CC capable devices found.\n";
      return node::err_not_found;
    }
    if (words->has("-f")) session.out << "Failed to display Conf. Compute CC feature status: ";  // recorded
    session.out << all.error().text << '\n';
    return exit_status(all.error().code);
  }
  constexpr std::array environments{"UNAVAILABLE", "SIMULATION", "PRODUCTION"};
  if (words->has("-e")) {
    session.out << fmt::format("CC Environment: {}\n",
                               all->environment < environments.size() ? environments.at(all->environment) : "N/A");
  } else if (words->has("-f")) {
    session.out << fmt::format("CC status: {}\n", all->enabled ? "ON" : "OFF");
  } else {
    session.out << fmt::format("Confidential Compute GPUs Ready state: {}\n", all->ready ? "ready" : "not-ready");
  }
  return 0;
}

}  // namespace gpuslice::smi
