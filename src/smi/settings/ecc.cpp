// -e, -p: the ECC mode and the counts of memory errors.
#include <array>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/settings/setters.hpp"

namespace gpuslice::smi {

using fields::Reading;

Outcome set_ecc(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  const auto value = choose(session, setting, switch_values, "Invalid ECC configuration code");
  if (!value) return value.error();
  const bool on = *value == 1;
  if (const auto pending = figure(session, gpu, Reading::ecc_mode_pending); pending && (*pending != 0) == on)
    return reported(session, fmt::format("ECC support is already {} for GPU {}.", enabled_word(on), bus));
  if (const auto done = session.node.tuning().set_ecc_mode(gpu, on); !done)
    return refused(session, fmt::format("Unable to {} ECC support for GPU {}", on ? "enable" : "disable", bus),
                   done.error());
  session.out << fmt::format("{} ECC support for GPU {}.\n", enabled_word(on), bus);
  return {.needs_reboot = true};
}

Outcome clear_ecc(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  constexpr std::array<std::string_view, 2> counters{"VOLATILE", "AGGREGATE"};
  const auto value = choose(session, setting, counters, "Invalid ECC type");
  if (!value) return value.error();
  const bool aggregate = *value == 1;
  const char* name = aggregate ? "aggregate" : "volatile";
  if (const auto done = session.node.tuning().clear_ecc_errors(gpu, aggregate); !done) {
    if (done.error().code == node::err_not_supported)
      return warned(session, fmt::format("ECC features not supported for GPU {}.", bus), done.error().code);
    return refused(session, fmt::format("Unable to reset {} ECC errors for GPU {}", name, bus), done.error());
  }
  return reported(session, fmt::format("Reset {} ECC errors to zero for GPU {}.", name, bus));
}

}  // namespace gpuslice::smi
