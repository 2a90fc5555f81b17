// A driver's version as numbers: rows of the table and formats come and go with it.
#pragma once

#include <compare>
#include <string_view>

namespace gpuslice::figures {

struct DriverVersion {
  int major{}, minor{}, patch{};  // 580.159.04 is 580, 159, 4; a part that is missing or no number is 0
  friend auto operator<=>(const DriverVersion&, const DriverVersion&) = default;

  [[nodiscard]] static DriverVersion parse(std::string_view text);
};

// What is shown under a driver whose version cannot be read: the newest known.
inline constexpr int newest_known_driver = 580;

// From here on nvidia-smi rounds frame buffer figures up to whole MiB (recorded on 580: 0.4 MiB prints as 1); before,
// it cuts them: -q -x of an A100 under 510.47.03 has 605, 38 and 40315 of 40960 MiB, and A100 boards of 40536.19 MiB
// under 460 and 470 show 40536. In between nothing was seen.
inline constexpr int first_driver_rounding_up = 520;

}  // namespace gpuslice::figures
