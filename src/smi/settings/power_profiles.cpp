// `nvidia-smi power-hint` and `power-profiles`: power profiles for types of workload.
#include <array>

#include <fmt/format.h>

#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

constexpr std::array power_hint_options{
    help_option,
    id_option,
    Option{"-l", "--list-info", Takes::nothing, "What a hint can be made of."},
    Option{"-gc", "--graphics-clock", Takes::value, "", not_built},
    Option{"-mc", "--memory-clock", Takes::value, "", not_built},
    Option{"-t", "--temperature", Takes::value, "", not_built},
    Option{"-p", "--profile", Takes::value, "", not_built},
};
constexpr OptionTable power_hint{"power-hint", "What power a load would draw.", power_hint_options};

constexpr std::array power_profiles_options{
    help_option,
    id_option,
    Option{"-l", "--list", Takes::nothing, "The profiles that each GPU has."},
    Option{"-ld", "--list-detailed", Takes::nothing, "", not_built},
    Option{"-gr", "--get-requested", Takes::nothing, "", not_built},
    Option{"-sr", "--set-requested", Takes::value, "", not_built},
    Option{"-cr", "--clear-requested", Takes::value, "", not_built},
    Option{"-ge", "--get-enforced", Takes::nothing, "", not_built},
};
constexpr OptionTable power_profiles{"power-profiles", "Power profiles for kinds of load.", power_profiles_options};

}  // namespace

// NVML has no call for this, so every GPU is treated as one without the feature.
int run_power_hint(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, power_hint, arguments);
  if (!options) return options.error();
  if (!options->has("-l")) return answer_with_usage(call, power_hint);
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  call.out << "No supported devices found\n";
  return 0;
}

int run_power_profiles(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, power_profiles, arguments);
  if (!options) return options.error();
  if (!options->has("-l")) return answer_with_usage(call, power_profiles);
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  for (const GpuIndex gpu : session.gpus) {
    if (session.node.readings().read(gpu, fields::Reading::power_profiles_requested))
      return say_not_there_yet(call, "power-profiles of a GPU that has some");
  }
  session.out << "Workload Power Profiles feature is not supported on this device.\n";
  return node::err_not_supported;
}

}  // namespace gpuslice::smi
