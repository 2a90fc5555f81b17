// The options -mig, -c and -pm.
#include <array>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/settings/setters.hpp"

namespace gpuslice::smi {

Outcome set_mig(Session& session, const Setting& setting) {
  const auto value = choose(session, setting, switch_values, "Invalid MIG Mode");
  if (!value) return value.error();
  const char* verb = *value == 1 ? "enable" : "disable";
  Outcome outcome;
  for (const GpuIndex gpu : session.gpus) {
    const auto bus = bus_id(session, gpu);
    const auto answer = session.node.mig().set_mig_mode(gpu, *value == 1);
    if (!answer) {
      outcome = refused(session, fmt::format("Unable to {} MIG Mode for GPU {}", verb, bus), answer.error());
      if (outcome.terminated) return outcome;
      continue;
    }
    if (answer->active) {
      session.out << fmt::format("{} MIG Mode for GPU {}\n", *value == 1 ? "Enabled" : "Disabled", bus);
      warn_of_persistence(session, gpu, bus);
      continue;
    }
    session.out << fmt::format("Warning: MIG mode is in pending {} state for GPU {}:{}\n", verb, bus,
                               answer->activation.text);
    if (answer->activation.code == node::err_in_use) {
      session.out << fmt::format(
          "{} is currently being used by one or more other processes (e.g. CUDA application or a monitoring "
          "application such as "
          "another instance of nvidia-smi). Please first kill all processes using the device and retry the command or "
          "reboot the "
          "system to make MIG mode effective.\n",
          bus);
    } else {
      session.out << fmt::format(
          "Reboot the system or try nvidia-smi --gpu-reset to make MIG mode effective on GPU {}\n", bus);
    }
  }
  return outcome;
}

Outcome set_compute(Session& session, const Setting& setting) {
  constexpr std::array<std::string_view, 4> compute_modes{"DEFAULT", "EXCLUSIVE_THREAD", "PROHIBITED",
                                                          "EXCLUSIVE_PROCESS"};
  const auto value = choose(session, setting, compute_modes, "Invalid compute mode");
  if (!value) return value.error();
  if (*value == 1) {
    for (std::size_t i = 0; i < session.gpus.size(); ++i)
      session.out << "Exclusive_Thread was deprecated! Use value 3:Exclusive_Process instead.\n" << moving_on;
    return {};
  }
  const auto mode = static_cast<std::uint32_t>(*value);
  Outcome outcome;
  for (const GpuIndex gpu : session.gpus) {
    const auto bus = bus_id(session, gpu);
    const auto now = session.node.readings().read(gpu, fields::Reading::compute_mode);
    if (!now && now.error().code != node::err_not_supported)
      return ended(session,
                   fmt::format("Unable to determine current compute mode for GPU {}: {}", bus, now.error().text),
                   now.error().code);
    if (now && now->number() == mode) {
      session.out << fmt::format("Compute mode is already set to {} for GPU {}.\n", compute_modes[mode], bus);
      continue;
    }
    if (const auto answer = session.node.modes().set_compute_mode(gpu, mode); !answer) {
      outcome = refused(session, fmt::format("Unable to set the compute mode for GPU {}", bus), answer.error());
      if (outcome.terminated) return outcome;
      continue;
    }
    session.out << fmt::format("Set compute mode to {} for GPU {}.\n", compute_modes[mode], bus);
  }
  return outcome;
}

Outcome set_persistence(Session& session, const Setting& setting) {
  const auto value = choose(session, setting, switch_values, "Invalid persistence mode");
  if (!value) return value.error();
  const bool on = *value == 1;
  for (const GpuIndex gpu : session.gpus) {
    const auto bus = bus_id(session, gpu);
    if (const auto now = session.node.readings().read(gpu, fields::Reading::persistence_mode);
        now && (now->number() != 0) == on) {
      session.out << fmt::format("Persistence mode is already {} for GPU {}.\n", enabled_word(on), bus);
      continue;
    }
    // If this is refused, nvidia-smi still reports success and exits with 0.
    if (const auto answer = session.node.modes().set_persistence_mode(gpu, on); !answer) {
      session.out << fmt::format("Unable to set persistence mode for GPU {}: {}\n", bus, answer.error().text);
    }
    // Without NVIDIA's persistence daemon the driver's own mode is set; nvidia-smi calls it "legacy" when it is
    // enabled.
    session.out << fmt::format("{} persistence mode for GPU {}.\n", on ? "Enabled Legacy" : "Disabled", bus);
  }
  return {};
}

}  // namespace gpuslice::smi
