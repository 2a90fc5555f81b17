#include "smi/view/vgpu.hpp"

#include <array>

#include <fmt/format.h>

#include "smi/subcommand.hpp"
#include "smi/view/gpu_figures.hpp"

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

bool hosts_vgpus(Session& session, GpuIndex gpu) {
  constexpr std::uint64_t host_vgpu = 3;
  const auto mode = session.node.readings().read(gpu, fields::Reading::virtualization_mode);
  return mode && mode->number() == host_vgpu;
}

}  // namespace

// `nvidia-smi vgpu`.
int run_vgpu(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, vgpu, arguments);
  if (!options) return options.error();
  const auto opened = open_with_gpus(call, options->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  for (const GpuIndex gpu : session.gpus)
    if (hosts_vgpus(session, gpu)) return say_not_there_yet(call, "vgpu of a GPU in vGPU mode");
  session.out << "No supported devices in vGPU mode\n";
  return 0;
}

std::optional<std::string> vgpu_driver_capability(Session& session) {
  const auto count = session.node.identity().gpu_count().value_or(0);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!hosts_vgpus(session, GpuIndex{i})) continue;
    const auto* row = fields::find_query("vgpu_driver_capability.heterogenous_multivGPU");
    return cell(GpuFigures(session, GpuIndex{i}, std::span(&row, 1)).text(*row, fields::Form::report), "");
  }
  return std::nullopt;
}

}  // namespace gpuslice::smi
