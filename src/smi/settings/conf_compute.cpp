// `nvidia-smi conf-compute`: confidential computing of the system and its GPUs.
#include <array>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

constexpr std::array conf_compute_options{
    help_option,
    id_option,
    Option{"-e", "--get-environment", Takes::nothing, "The environment: production, simulation, or none."},
    Option{"-f", "--get-cc-feature", Takes::nothing, "Whether it is on."},
    Option{"-gm", "--get-mem-size-info", Takes::nothing, "Sizes of each GPU's protected and unprotected memory."},
    Option{"-grs", "--get-gpus-ready-state", Takes::nothing, "Whether the GPUs take work."},
    Option{"-gc", "--get-cpu-caps", Takes::nothing, "", not_built},
    Option{"-gg", "--get-gpus-caps", Takes::nothing, "", not_built},
    Option{"-d", "--get-devtools-mode", Takes::nothing, "", not_built},
    Option{"-sm", "--set-unprotected-mem-size", Takes::value, "", not_built},
    Option{"-srs", "--set-gpus-ready-state", Takes::value, "", not_built},
    Option{"-skr", "--set-key-rotation-max-attacker-advantage", Takes::value, "", not_built},
    Option{"-gkr", "--get-key-rotation-threshold-info", Takes::nothing, "", not_built},
    Option{"-mgm", "--get-multigpu-mode", Takes::nothing, "", not_built},
    Option{"-q", "--query-conf-compute", Takes::nothing, "", not_built},
};
constexpr OptionTable conf_compute{"conf-compute", "Confidential computing.", conf_compute_options};

int print_memory_sizes(Session& session) {
  for (const GpuIndex gpu : session.gpus) {
    const auto sizes = session.node.monitoring().confidential_memory(gpu);
    if (!sizes) return answer_refused(session.out, sizes.error());
    session.out << gpu_line(session.node, gpu)
                << fmt::format("Protected memory size:   {} KiB\nUnprotected memory size: {} KiB\n",
                               sizes->protected_kib, sizes->unprotected_kib);
  }
  return 0;
}

}  // namespace

// The output with confidential computing off was recorded; ON, PRODUCTION and both ready states are from published
// output; SIMULATION is derived from NVML's name.
int run_conf_compute(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, conf_compute, arguments);
  if (!options) return options.error();
  const bool state = options->has("-e") || options->has("-f") || options->has("-grs");
  if (!state && !options->has("-gm")) return answer_with_usage(call, conf_compute);
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  if (!state) return print_memory_sizes(session);
  const auto all = session.node.monitoring().confidential_compute();
  if (!all) {
    // For boards before Ampere, nvidia-smi does not make this call.
    constexpr std::uint64_t ampere = 7;
    const auto architecture = session.node.readings().read(session.gpus.front(), fields::Reading::architecture);
    if (options->has("-f") && architecture && architecture->number() < ampere) {
      session.out << "No CC capable devices found.\n";
      return node::err_not_found;
    }
    // nvidia-smi prints this on the same line before the refusal.
    if (options->has("-f")) session.out << "Failed to display Conf. Compute CC feature status: ";
    return answer_refused(session.out, all.error());
  }
  constexpr std::array environments{"UNAVAILABLE", "SIMULATION", "PRODUCTION"};
  if (options->has("-e")) {
    session.out << fmt::format("CC Environment: {}\n", word_of(environments, all->environment, "N/A"));
  } else if (options->has("-f")) {
    session.out << fmt::format("CC status: {}\n", all->enabled ? "ON" : "OFF");
  } else {
    session.out << fmt::format("Confidential Compute GPUs Ready state: {}\n", all->ready ? "ready" : "not-ready");
  }
  return 0;
}

}  // namespace gpuslice::smi
