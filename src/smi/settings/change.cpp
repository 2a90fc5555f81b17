#include "smi/settings/change.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "smi/settings/setters.hpp"

namespace gpuslice::smi {
namespace {

struct Setter {
  std::string_view option;
  // Exactly one of the two is set: a function for all selected GPUs, or one that is called for each of them.
  Outcome (*on_all)(Session&, const Setting&){};
  Outcome (*on_each)(Session&, const Setting&, GpuIndex, const std::string& bus){};
};
constexpr std::array setters{
    Setter{"-mig", set_mig},
    Setter{"-c", set_compute},
    Setter{"-pm", set_persistence},
    Setter{"-r", reset_gpus},
    Setter{"-e", nullptr, set_ecc},
    Setter{"-p", nullptr, clear_ecc},
    Setter{"-am", nullptr, set_accounting},
    Setter{"-caa", nullptr, clear_accounted},
    Setter{"-pl", nullptr, set_power_limit},
    Setter{"-lgc", nullptr, lock_gpu_clocks},
    Setter{"-rgc", nullptr, reset_gpu_clocks},
    Setter{"-lmc", nullptr, lock_memory_clocks},
    Setter{"-rmc", nullptr, reset_memory_clocks},
    Setter{"-ac", nullptr, set_application_clocks},
    Setter{"-rac", nullptr, reset_application_clocks},
    Setter{"--get-hostname", nullptr, get_hostname},
};

Outcome set_one(Session& session, const Setting& setting) {
  const auto setter = std::ranges::find(setters, setting.option, &Setter::option);
  if (setter == setters.end()) return no_value(session, setting);
  if (setter->on_all != nullptr) return setter->on_all(session, setting);
  Outcome outcome;
  for (const GpuIndex gpu : session.gpus) {
    const auto one = setter->on_each(session, setting, gpu, bus_id(session, gpu));
    if (one.terminated) return one;
    if (one.status != 0) outcome.status = one.status;
    outcome.needs_reboot |= one.needs_reboot;
  }
  return outcome;
}

}  // namespace

int change_settings(Session& session, const Request& request) {
  int warning = 0;
  bool needs_reboot = false;
  for (const auto& setting : request.settings) {
    const Outcome outcome = set_one(session, setting);
    if (outcome.terminated) return outcome.status;
    if (outcome.status != 0) warning = outcome.status;
    needs_reboot |= outcome.needs_reboot;
  }
  // Like nvidia-smi, if a reboot is required: reads the virtualization mode of each GPU. If the last GPU refuses, "All
  // done." is not printed and the exit status is the code of that refusal.
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
