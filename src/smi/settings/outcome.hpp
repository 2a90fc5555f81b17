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
  bool terminated{};    // the run ends here; settings behind it are not made
  bool needs_reboot{};  // what was set comes into force with the next start of the driver
};

inline constexpr const char* terminating = "Terminating early due to previous errors.\n";
inline constexpr const char* moving_on = "Treating as warning and moving on.\n";
inline constexpr std::string_view switch_values[] = {"DISABLED", "ENABLED"};

inline constexpr int wrong_value = 2;  // exit status

// "1" or a spelled-out value ("ENABLED") as its number, an index into `names`. A number beyond them ends the run with
// "`invalid`: 7", any other text with the option's own refusal.
[[nodiscard]] std::expected<long, Outcome> choose(Session& session, const Setting& setting,
                                                  std::span<const std::string_view> names, std::string_view invalid);
// What is no value of the option.
[[nodiscard]] Outcome no_value(Session& session, const Setting& setting);

[[nodiscard]] std::string bus_id(Session& session, GpuIndex gpu);

// "Unable to ...: Not Supported" is a warning; any other refusal ends the run.
[[nodiscard]] Outcome refused(Session& session, const std::string& unable, const node::DriverError& error);
// The same for a text that says it all.
[[nodiscard]] Outcome warned(Session& session, const std::string& text, int code);
[[nodiscard]] Outcome ended(Session& session, const std::string& text, int code);

// What was set, said.
Outcome reported(Session& session, const std::string& text);
// The same of what lasts until the driver is unloaded.
Outcome reported_until_unload(Session& session, GpuIndex gpu, const std::string& bus, const std::string& text);

// A number that the GPU says of itself; none where it refuses.
[[nodiscard]] std::optional<std::uint64_t> figure(Session& session, GpuIndex gpu, fields::Reading reading);

// What was set goes when the driver is unloaded, which it is when nobody uses the GPU and persistence mode is off: says
// so.
void warn_of_persistence(Session& session, GpuIndex gpu, const std::string& bus);

}  // namespace gpuslice::smi
