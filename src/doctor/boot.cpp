#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doctor/looks.hpp"

namespace gpuslice::doctor::looks {
namespace {

std::string names(const std::vector<BootUnit>& units) {
  std::vector<std::string> all;
  for (const auto& unit : units) all.push_back(unit.name);
  return fmt::format("{}", fmt::join(all, " and "));
}

}  // namespace

void boot_restore(const NodeFacts& facts, Answer& answer) {
  const auto* units = answer.known(facts.boot);
  if (units == nullptr || !units->empty()) return;
  // One missing unit is one cause, whatever the number of GPUs.
  std::vector<std::uint32_t> layout, mode;
  for (const auto& one : facts.gpus) {
    if (one.reach != GpuFacts::Reach::answers || !one.gpu.state.mig.mode) continue;
    if (!one.gpu.state.mig.partition.instances.empty()) layout.push_back(one.index.value);
    if (!one.gpu.capability.mode.survives_reboot) mode.push_back(one.index.value);
  }
  each_gpu(facts, answer, [](const GpuFacts&) {});
  if (layout.empty()) return;  // a mode without instances is mig-unused
  const auto gpus = fmt::format("GPU{} {}", layout.size() == 1 ? "" : "s", fmt::join(layout, ", "));
  answer.advice(gpus,
                mode.empty() ? "instances do not survive a reboot, and no unit creates them at boot"
                             : "MIG mode and instances do not survive a reboot, and no unit restores them at boot",
                mode.empty() ? "on this generation MIG mode stays on, and jobs find no device"
                             : "on this generation MIG mode is off after a reboot, and jobs find a whole GPU",
                Hint::gpuslice({"export"}));
}

void boot_units(const NodeFacts& facts, Answer& answer) {
  const auto* units = answer.known(facts.boot);
  if (units == nullptr || units->size() < 2) return;
  // The unit of gpuslice stays; else the first one.
  const auto* other = &units->back();
  for (const auto& unit : *units)
    if (unit.name.find("gpuslice") == std::string::npos) other = &unit;
  answer.problem("boot", fmt::format("{} units set MIG at boot: {}", units->size(), names(*units)),
                 "each undoes or blocks what the other has set", fmt::format("sudo systemctl disable {}", other->name));
}

}  // namespace gpuslice::doctor::looks
