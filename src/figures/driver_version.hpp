// A driver's version as numbers; it determines which rows and formats exist.
#pragma once

#include <compare>
#include <string_view>

namespace gpuslice::figures {

struct DriverVersion {
  int major{}, minor{}, patch{};  // 580.159.04 is 580, 159, 4; a part that is missing or not a number is 0
  friend auto operator<=>(const DriverVersion&, const DriverVersion&) = default;

  [[nodiscard]] static DriverVersion parse(std::string_view text);
};

// The version that is assumed if the driver's version cannot be read: the newest one known.
inline constexpr int newest_known_driver = 580;

// From this version on, nvidia-smi rounds memory figures up to whole MiB: 580 prints 0.4 MiB as 1 (recorded in
// src/smi/testing/recorded). Older versions round down: -q -x of an A100 under 510.47.03 prints 605, 38 and 40315 of
// 40960 MiB, and A100 boards with 40536.19 MiB print 40536 under 460 and 470. Which of the versions in between is the
// first to round up is unknown.
inline constexpr int first_driver_rounding_up = 520;

}  // namespace gpuslice::figures
