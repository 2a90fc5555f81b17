#include "smi/settings/change.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/settings/outcome.hpp"
#include "smi/settings/tuning.hpp"

namespace gpuslice::smi {
namespace {

constexpr std::array<std::string_view, 4> compute_modes{"DEFAULT", "EXCLUSIVE_THREAD", "PROHIBITED",
                                                        "EXCLUSIVE_PROCESS"};

Outcome set_mig(Session& session, const Setting& setting) {
  const auto value = parse_value(session, setting, switch_values);
  if (!value) return value.error();
  if (*value > 1) {
    session.out << fmt::format("Invalid MIG Mode: {}\n", *value) << terminating;
    return {2, true};
  }
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
  const auto value = parse_value(session, setting, compute_modes);
  if (!value) return value.error();
  if (*value > 3) {
    session.out << fmt::format("Invalid compute mode: {}\n", *value) << terminating;
    return {2, true};
  }
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
  const auto value = parse_value(session, setting, switch_values);
  if (!value) return value.error();
  if (*value > 1) {
    session.out << fmt::format("Invalid persistence mode: {}\n", *value) << terminating;
    return {2, true};
  }
  const bool on = *value == 1;
  for (const GpuIndex gpu : session.gpus) {
    const auto bus = bus_id(session, gpu);
    if (const auto now = session.node.readings().read(gpu, fields::Reading::persistence_mode);
        now && (now->number() != 0) == on) {
      session.out << fmt::format("Persistence mode is already {} for GPU {}.\n", enabled_word(on), bus);
      continue;
    }
    // nvidia-smi goes on to report success after a refusal here, and ends with 0 (recorded).
    if (const auto answer = session.node.modes().set_persistence_mode(gpu, on); !answer) {
      session.out << fmt::format("Unable to set persistence mode for GPU {}: {}\n", bus, answer.error().text);
    }
    // Recorded: without NVIDIA's persistence daemon the driver's own mode is set, which enabling calls legacy.
    session.out << fmt::format("{} persistence mode for GPU {}.\n", on ? "Enabled Legacy" : "Disabled", bus);
  }
  return {};
}

// What is said and in which order is in nvidia-smi 580's own strings; how it ends was not recorded and is taken to be
// as for other settings.
Outcome reset_gpus(Session& session, const Setting& setting) {
  if (!setting.value.empty() && setting.value != "bus") return no_value(session, setting);
  std::string held;
  unsigned count = 0;
  for (const GpuIndex gpu : session.gpus) {
    const auto bus = bus_id(session, gpu);
    const auto answer = session.node.reset().reset_gpu(gpu);
    if (answer) {
      session.out << fmt::format("GPU {} was successfully reset.\n", bus);
    } else if (answer.error().code == node::err_in_use) {
      held += fmt::format("  GPU {}: {}\n", bus, answer.error().text);
      ++count;
    } else if (const auto failed = refused(session, "Unable to reset GPU " + bus, answer.error()); failed.terminated) {
      return failed;
    }
  }
  if (count == 0) return {};
  session.out << fmt::format(
      "The following GPUs could not be reset:\n{}\n{} {} currently being used by one or more other processes (e.g., "
      "Fabric Manager, CUDA application, graphics application such as an X server, or a monitoring application such as "
      "another instance of nvidia-smi). Please first kill all processes using {} and all compute applications running "
      "in the system.\n",
      held, count, count == 1 ? "device is" : "devices are", count == 1 ? "this device" : "these devices");
  return {node::err_in_use, true};
}

Outcome make_setting(Session& session, const Setting& setting) {
  if (setting.option == "-mig") return set_mig(session, setting);
  if (setting.option == "-c") return set_compute(session, setting);
  if (setting.option == "-r") return reset_gpus(session, setting);
  if (setting.option == "-pm") return set_persistence(session, setting);
  return tune(session, setting);
}

}  // namespace

int change_settings(Session& session, const Request& request) {
  int warning = 0;
  bool needs_reboot = false;
  for (const auto& setting : request.settings) {
    const Outcome outcome = make_setting(session, setting);
    if (outcome.terminated) return outcome.status;
    if (outcome.status != 0) warning = outcome.status;
    needs_reboot |= outcome.needs_reboot;
  }
  // Where a reboot is needed, each GPU is asked whether it is a virtual one; what the last one refuses is the end
  // (recorded).
  int refused = 0;
  if (needs_reboot)
    for (const GpuIndex gpu : session.gpus) {
      const auto answer = session.node.readings().read(gpu, fields::Reading::virtualization_mode);
      refused = answer ? 0 : answer.error().code;
    }
  if (refused == 0) session.out << "All done.\n";
  if (needs_reboot) session.out << "Reboot required.\n";
  if (refused != 0) return exit_status(refused);
  return request.error_on_warning ? warning : 0;
}

}  // namespace gpuslice::smi
