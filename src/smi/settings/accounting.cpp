// -am, -caa: process accounting.
#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/settings/setters.hpp"

namespace gpuslice::smi {

using fields::Reading;

Outcome set_accounting(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  const auto value = choose(session, setting, switch_values, "Invalid accounting mode");
  if (!value) return value.error();
  const bool on = *value == 1;
  if (const auto now = figure(session, gpu, Reading::accounting_mode); now && (*now != 0) == on)
    return reported(session, fmt::format("Accounting Mode is already {} for GPU {}.", enabled_word(on), bus));
  if (const auto done = session.node.tuning().set_accounting_mode(gpu, on); !done)
    return refused(session, fmt::format("Unable to {} Accounting Mode for GPU {}", on ? "enable" : "disable", bus),
                   done.error());
  session.out << fmt::format("{} Accounting Mode for GPU {}.\n", enabled_word(on), bus);
  if (on) warn_of_persistence(session, gpu, bus);
  return {};
}

Outcome clear_accounted(Session& session, const Setting&, GpuIndex gpu, const std::string& bus) {
  if (const auto done = session.node.tuning().clear_accounted_processes(gpu); !done)
    return refused(session, fmt::format("Unable to clear Accounted PIDs for GPU {}", bus), done.error());
  return reported(session, fmt::format("Cleared Accounted PIDs for GPU {}.", bus));
}

}  // namespace gpuslice::smi
