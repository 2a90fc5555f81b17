// `nvidia-smi vgpu`: the virtual GPUs of a host.
#include <array>

#include <fmt/format.h>

#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

constexpr std::array vgpu_options{
    help_option,
    id_option,
    Option{"-q", "--query", Takes::nothing, "All of each vGPU."},
    Option{"-s", "--supported", Takes::nothing, "The types that each GPU can have."},
    Option{"-c", "--creatable", Takes::nothing, "The types that can be made now."},
    Option{"-m", "--migration", Takes::nothing, "Whether vGPUs can be moved."},
    Option{"-sc", "--schedulercaps", Takes::nothing, "How vGPUs can be scheduled."},
};
constexpr OptionTable vgpu{"vgpu", "Virtual GPUs of a host.", vgpu_options};

}  // namespace

int run_vgpu(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, vgpu, arguments);
  if (!options) return options.error();
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  constexpr std::uint64_t host_vgpu = 3;
  for (const GpuIndex gpu : session.gpus) {
    const auto mode = session.node.readings().read(gpu, fields::Reading::virtualization_mode);
    if (mode && mode->number() == host_vgpu) return say_not_there_yet(call, "vgpu of a GPU in vGPU mode");
  }
  session.out << "No supported devices in vGPU mode\n";
  return 0;
}

}  // namespace gpuslice::smi
