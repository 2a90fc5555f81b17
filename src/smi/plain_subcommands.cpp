// Subcommands that say one thing: gpm, drain, vgpu, power-hint and power-profiles.
#include <array>
#include <cstdio>

#include <fmt/format.h>

#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

constexpr bool not_built = false;
constexpr WordSpec help{"-h", "--help", false, "This text."};
constexpr WordSpec id{"-i", "--id", true, "GPUs, by index, PCI address or UUID, comma separated."};

constexpr std::array gpm_specs{
    help,
    id,
    WordSpec{"-g", "--get-stream-state", false, "Whether the counters stream."},
    WordSpec{"-s", "--set-stream-state", true, "", not_built},
};
constexpr std::array drain_specs{
    help,
    WordSpec{"-p", "--pciid", true, "A GPU by PCI address."},
    WordSpec{"-q", "--query", false, "Whether it is being drained."},
    WordSpec{"-m", "--modify", true, "", not_built},
    WordSpec{"-r", "--remove", false, "", not_built},
    WordSpec{"-d", "--discover", false, "", not_built},
};
constexpr std::array vgpu_specs{
    help,
    id,
    WordSpec{"-q", "--query", false, "All of each vGPU."},
    WordSpec{"-s", "--supported", false, "The types that each GPU can have."},
    WordSpec{"-c", "--creatable", false, "The types that can be made now."},
    WordSpec{"-m", "--migration", false, "Whether vGPUs can be moved."},
    WordSpec{"-sc", "--schedulercaps", false, "How vGPUs can be scheduled."},
};
constexpr std::array power_hint_specs{
    help,
    id,
    WordSpec{"-l", "--list-info", false, "What a hint can be made of."},
    WordSpec{"-gc", "--graphics-clock", true, "", not_built},
    WordSpec{"-mc", "--memory-clock", true, "", not_built},
    WordSpec{"-t", "--temperature", true, "", not_built},
    WordSpec{"-p", "--profile", true, "", not_built},
};
constexpr std::array power_profiles_specs{
    help,
    id,
    WordSpec{"-l", "--list", false, "The profiles that each GPU has."},
    WordSpec{"-ld", "--list-detailed", false, "", not_built},
    WordSpec{"-gr", "--get-requested", false, "", not_built},
    WordSpec{"-sr", "--set-requested", true, "", not_built},
    WordSpec{"-cr", "--clear-requested", true, "", not_built},
    WordSpec{"-ge", "--get-enforced", false, "", not_built},
};

int usage(const Call& call, const SubcommandWords& subcommand) {
  print_usage(call.out, subcommand.name, subcommand.about, subcommand.specs);
  return 0;
}

// "0000:00:06.0" with its domain in eight digits; the driver judges what it is.
std::string full_address(const std::string& typed) {
  unsigned domain = 0, bus = 0, device = 0, function = 0;
  if (std::sscanf(typed.c_str(), "%x:%x:%x.%x", &domain, &bus, &device, &function) != 4) return typed;
  return fmt::format("{:08X}:{:02X}:{:02X}.{:X}", domain, bus, device, function);
}

}  // namespace

int run_gpm(const Call& call, const std::vector<std::string>& typed) {
  constexpr SubcommandWords gpm{"gpm", "Performance counters of GPUs.", gpm_specs};
  const auto words = read_words(call, gpm, typed);
  if (!words) return words.error();
  if (!words->has("-g")) return usage(call, gpm);
  const auto opened = open_with_gpus(call, words->value("-i"));
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  // One line for all of them, by the first that has such counters (recorded).
  for (const GpuIndex gpu : session.gpus) {
    if (const auto on = session.node.monitoring().performance_streaming(gpu); on) {
      session.out << fmt::format("GPM stream state: {}\n", *on ? "ENABLED" : "DISABLED");
      return 0;
    }
  }
  session.out << "No GPM capable devices found.\n";
  return node::err_not_found;
}

int run_drain(const Call& call, const std::vector<std::string>& typed) {
  constexpr SubcommandWords drain{"drain", "GPUs that are taken out of work.", drain_specs};
  const auto words = read_words(call, drain, typed);
  if (!words) return words.error();
  const auto address = words->value("-p");
  if (!words->has("-q") || !address) return usage(call, drain);
  const auto opened = open_session(call);
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  const auto full = full_address(*address);
  const auto draining = session.node.monitoring().draining(full);
  if (!draining) {
    session.out << fmt::format("Failed to query the drain state of GPU {}: {}\n", full, draining.error().text);
    return exit_status(draining.error().code);
  }
  session.out << fmt::format("The current drain state of GPU {} is: {}.\n", full,
                             *draining ? "draining" : "not draining");
  return 0;
}

int run_vgpu(const Call& call, const std::vector<std::string>& typed) {
  const auto words = read_words(call, {"vgpu", "Virtual GPUs of a host.", vgpu_specs}, typed);
  if (!words) return words.error();
  const auto opened = open_with_gpus(call, words->value("-i"));
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

// NVML has nothing to ask here: every GPU is one that does not have it.
int run_power_hint(const Call& call, const std::vector<std::string>& typed) {
  constexpr SubcommandWords power_hint{"power-hint", "What power a load would draw.", power_hint_specs};
  const auto words = read_words(call, power_hint, typed);
  if (!words) return words.error();
  if (!words->has("-l")) return usage(call, power_hint);
  const auto opened = open_with_gpus(call, words->value("-i"));
  if (!opened) return opened.error();
  call.out << "No supported devices found\n";
  return 0;
}

int run_power_profiles(const Call& call, const std::vector<std::string>& typed) {
  constexpr SubcommandWords power_profiles{"power-profiles", "Power profiles for kinds of load.", power_profiles_specs};
  const auto words = read_words(call, power_profiles, typed);
  if (!words) return words.error();
  if (!words->has("-l")) return usage(call, power_profiles);
  const auto opened = open_with_gpus(call, words->value("-i"));
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
