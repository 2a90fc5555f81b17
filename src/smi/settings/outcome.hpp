// The result of one setting, and the text that is printed for it.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

// 0, or the exit status of the run. A warning counts as an error only with -eow.
struct Outcome {
  int status{};
  bool terminated{};    // the run ends here; later settings are not made
  bool needs_reboot{};  // the setting takes effect when the driver is next started
};

inline constexpr const char* terminating = "Terminating early due to previous errors.\n";
inline constexpr const char* moving_on = "Treating as warning and moving on.\n";
inline constexpr std::string_view switch_values[] = {"DISABLED", "ENABLED"};

inline constexpr int wrong_value = 2;  // exit status

// Parses "1" or a name ("ENABLED") into its number, an index into `names`. A number out of range ends the run with
// "`invalid`: 7", any other text with the option's own refusal.
[[nodiscard]] std::expected<long, Outcome> choose(Session& session, const Setting& setting,
                                                  std::span<const std::string_view> names, std::string_view invalid);
// Refuses a value that the option does not have.
[[nodiscard]] Outcome no_value(Session& session, const Setting& setting);

[[nodiscard]] std::string bus_id(Session& session, GpuIndex gpu);

// "Unable to ...: Not Supported" is a warning; any other refusal ends the run.
[[nodiscard]] Outcome refused(Session& session, const std::string& unable, const node::DriverError& error);
// The same for a text that is complete in itself.
[[nodiscard]] Outcome warned(Session& session, const std::string& text, int code);
[[nodiscard]] Outcome ended(Session& session, const std::string& text, int code);

// Prints the new setting.
Outcome reported(Session& session, const std::string& text);
// The same for a setting that lasts until the driver is unloaded.
Outcome reported_until_unload(Session& session, GpuIndex gpu, const std::string& bus, const std::string& text);

// A number that the GPU reports about itself; nullopt if it is refused.
[[nodiscard]] std::optional<std::uint64_t> figure(Session& session, GpuIndex gpu, fields::Reading reading);

// Warns that the setting is lost when the driver is unloaded, which happens when no process uses the GPU and
// persistence mode is off.
void warn_of_persistence(Session& session, GpuIndex gpu, const std::string& bus);

}  // namespace gpuslice::smi
