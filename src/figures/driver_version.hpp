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

}  // namespace gpuslice::figures
