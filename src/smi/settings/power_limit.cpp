// The option -pl.
#include <cstdlib>

#include <fmt/format.h>

#include "smi/settings/setters.hpp"

namespace gpuslice::smi {

using fields::Reading;

Outcome set_power_limit(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  constexpr double milli = 1000;
  char* end = nullptr;
  const double watts = std::strtod(setting.value.c_str(), &end);
  if (setting.value.empty() || *end != '\0' || !(watts >= 0) || watts > 1e6) return no_value(session, setting);
  // nvidia-smi treats this as a warning, but its text does not say so.
  const auto unsupported = [&](int code) {
    session.out << fmt::format("Changing power management limit is not supported in current scope for GPU: {}.\n", bus);
    return Outcome{.status = exit_status(code)};
  };
  const auto low = figure(session, gpu, Reading::power_limit_min),
             high = figure(session, gpu, Reading::power_limit_max);
  const auto before = figure(session, gpu, Reading::power_limit_requested);
  if (!low || !high || !before) return unsupported(node::err_not_supported);
  const auto in_watts = [](std::uint64_t milliwatts) { return static_cast<double>(milliwatts) / milli; };
  const auto wanted = static_cast<std::uint64_t>(watts * milli);
  if (wanted < *low || wanted > *high) {
    return ended(
        session,
        fmt::format("Provided power limit {:.2f} W is not a valid power limit which should be between {:.2f} W "
                    "and {:.2f} W for GPU {}",
                    watts, in_watts(*low), in_watts(*high), bus),
        wrong_value);
  }
  if (const auto done = session.node.tuning().set_power_limit(gpu, static_cast<std::uint32_t>(wanted)); !done) {
    if (done.error().code == node::err_not_supported) return unsupported(done.error().code);
    return ended(session, fmt::format("Failed to set power management limit for GPU {}: {}", bus, done.error().text),
                 done.error().code);
  }
  return reported_until_unload(
      session, gpu, bus,
      fmt::format("Power limit for GPU {} was set to {:.2f} W from {:.2f} W.", bus, watts, in_watts(*before)));
}

}  // namespace gpuslice::smi
