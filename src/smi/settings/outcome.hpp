// How one setting of nvidia-smi went, and the text that goes with it.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

// 0, or the status that the run ends with. A warning counts as an error only with -eow.
struct Outcome {
  int status{};
  bool terminated{};
  bool needs_reboot{};  // what was set comes into force with the next start of the driver
};

inline constexpr const char* terminating = "Terminating early due to previous errors.\n";
inline constexpr const char* moving_on = "Treating as warning and moving on.\n";
inline constexpr std::string_view switch_values[] = {"DISABLED", "ENABLED"};

// "1" or a spelled-out value ("ENABLED") as its number. Other text is no value of the option; other numbers are for
// the caller.
[[nodiscard]] std::expected<long, Outcome> parse_value(Session& session, const Setting& setting,
                                                       std::span<const std::string_view> names);
// What is no value of the option.
[[nodiscard]] Outcome no_value(Session& session, const Setting& setting);

[[nodiscard]] std::string bus_id(Session& session, GpuIndex gpu);

// "Unable to ...: Not Supported" is a warning; any other refusal ends the run.
[[nodiscard]] Outcome refused(Session& session, const std::string& unable, const node::DriverError& error);
// The same for a text that says it all.
[[nodiscard]] Outcome warned(Session& session, const std::string& text, int code);
[[nodiscard]] Outcome ended(Session& session, const std::string& text, int code);

// What was set goes when the driver is unloaded, which it is when nobody uses the GPU and persistence mode is off: says
// so.
void warn_of_persistence(Session& session, GpuIndex gpu, const std::string& bus);

}  // namespace gpuslice::smi
