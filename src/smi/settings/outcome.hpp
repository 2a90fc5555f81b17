// The result of changing one setting, and the functions that print the text for it.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "smi/request.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

// `status` is 0, or the exit status of the command. A warning counts as an error only with -eow.
struct Outcome {
  int status{};
  bool terminated{};    // the command ends here and does not change later settings
  bool needs_reboot{};  // the setting takes effect when the driver is next started
};

inline constexpr const char* terminating = "Terminating early due to previous errors.\n";
inline constexpr const char* moving_on = "Treating as warning and moving on.\n";
inline constexpr std::string_view switch_values[] = {"DISABLED", "ENABLED"};

inline constexpr int wrong_value = 2;  // exit status

// Converts "1" or a name ("ENABLED") to a number, which is an index into `names`. A number out of range ends the
// command with "`invalid`: 7"; any other text is refused with the message of no_value.
[[nodiscard]] std::expected<long, Outcome> choose(Session& session, const Setting& setting,
                                                  std::span<const std::string_view> names, std::string_view invalid);
// Refuses a value that is not valid for the option.
[[nodiscard]] Outcome no_value(Session& session, const Setting& setting);

[[nodiscard]] std::string bus_id(Session& session, GpuIndex gpu);

// Prints the refusal, "Unable to ...: Not Supported". If the code is not_supported, this is only a warning; any other
// refusal ends the command.
[[nodiscard]] Outcome refused(Session& session, const std::string& unable, const node::DriverError& error);
// As `refused`, but `text` is the complete message, and the caller decides: `warned` continues, `ended` ends the
// command.
[[nodiscard]] Outcome warned(Session& session, const std::string& text, int code);
[[nodiscard]] Outcome ended(Session& session, const std::string& text, int code);

// Prints the new setting.
Outcome reported(Session& session, const std::string& text);
// As `reported`, for a setting that is lost when the driver is unloaded.
Outcome reported_until_unload(Session& session, GpuIndex gpu, const std::string& bus, const std::string& text);

// A number that the GPU reports about itself; nullopt if the driver refuses it.
[[nodiscard]] std::optional<std::uint64_t> figure(Session& session, GpuIndex gpu, fields::Reading reading);

// Warns that the setting is lost when the driver is unloaded, which happens when no process uses the GPU and
// persistence mode is off.
void warn_of_persistence(Session& session, GpuIndex gpu, const std::string& bus);

}  // namespace gpuslice::smi
