#include "smi/settings/outcome.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gpuslice::smi {

std::expected<long, Outcome> parse_value(Session& session, const Setting& setting,
                                         std::span<const std::string_view> names) {
  const auto name = std::ranges::find(names, setting.value);
  if (name != names.end()) return name - names.begin();
  if (!setting.value.empty() && setting.value.size() < 6 &&
      setting.value.find_first_not_of("0123456789") == std::string::npos) {
    return std::stol(setting.value);
  }
  return std::unexpected(no_value(session, setting));
}

Outcome no_value(Session& session, const Setting& setting) {
  session.out << fmt::format("ERROR: Option {} is invalid for {}. Please run 'nvidia-smi -h' for help.\n\n",
                             setting.value, setting.option);
  return {2, true};
}

std::string bus_id(Session& session, GpuIndex gpu) {
  const auto pci = session.node.identity().pci(gpu);
  return pci ? pci->bus_id : fmt::format("{}", gpu.value);
}

Outcome refused(Session& session, const std::string& unable, const node::DriverError& error) {
  const auto text = fmt::format("{}: {}", unable, error.text);
  return error.code == node::err_not_supported ? warned(session, text, error.code) : ended(session, text, error.code);
}

Outcome warned(Session& session, const std::string& text, int code) {
  session.out << text << '\n' << moving_on;
  return {exit_status(code), false};
}

Outcome ended(Session& session, const std::string& text, int code) {
  session.out << text << '\n' << terminating;
  return {exit_status(code), true};
}

void warn_of_persistence(Session& session, GpuIndex gpu, const std::string& bus) {
  const auto mode = session.node.readings().read(gpu, fields::Reading::persistence_mode);
  if (!mode || mode->number() != 0) return;
  session.out << fmt::format(
      "\nWarning: persistence mode is disabled on device {}. See the Known Issues section of the nvidia-smi(1) man "
      "page "
      "for more information. Run with [--help | -h] switch to get more information on how to enable persistence "
      "mode.\n",
      bus);
}

}  // namespace gpuslice::smi
