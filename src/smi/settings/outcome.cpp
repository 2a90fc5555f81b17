#include "smi/settings/outcome.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gpuslice::smi {

std::expected<long, Outcome> choose(Session& session, const Setting& setting, std::span<const std::string_view> names,
                                    std::string_view invalid) {
  const auto name = std::ranges::find(names, setting.value);
  if (name != names.end()) return name - names.begin();
  constexpr std::size_t most_digits = 5;
  if (setting.value.empty() || setting.value.size() > most_digits ||
      setting.value.find_first_not_of("0123456789") != std::string::npos)
    return std::unexpected(no_value(session, setting));
  const long number = std::stol(setting.value);
  if (number >= std::ssize(names))
    return std::unexpected(ended(session, fmt::format("{}: {}", invalid, number), wrong_value));
  return number;
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

Outcome reported(Session& session, const std::string& text) {
  session.out << text << '\n';
  return {};
}

Outcome reported_until_unload(Session& session, GpuIndex gpu, const std::string& bus, const std::string& text) {
  session.out << text << '\n';
  warn_of_persistence(session, gpu, bus);
  return {};
}

std::optional<std::uint64_t> figure(Session& session, GpuIndex gpu, fields::Reading reading) {
  const auto value = session.node.readings().read(gpu, reading);
  if (!value) return std::nullopt;
  return value->number();
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
