// `nvidia-smi gpm`: shows whether performance counters are being streamed.
#include <array>

#include <fmt/format.h>

#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

constexpr std::array gpm_options{
    help_option,
    id_option,
    Option{"-g", "--get-stream-state", Takes::nothing, "Whether the counters stream."},
    Option{"-s", "--set-stream-state", Takes::value, "", not_built},
};
constexpr OptionTable gpm{"gpm", "Performance counters of GPUs.", gpm_options};

}  // namespace

int run_gpm(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, gpm, arguments);
  if (!options) return options.error();
  if (!options->has("-g")) return answer_with_usage(call, gpm);
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  // One line is printed for all GPUs; it comes from the first GPU that has such counters.
  for (const GpuIndex gpu : session.gpus) {
    if (const auto on = session.node.monitoring().performance_streaming(gpu); on) {
      session.out << fmt::format("GPM stream state: {}\n", *on ? "ENABLED" : "DISABLED");
      return 0;
    }
  }
  session.out << "No GPM capable devices found.\n";
  return node::err_not_found;
}

}  // namespace gpuslice::smi
