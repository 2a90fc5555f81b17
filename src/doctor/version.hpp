// Versions of the driver as numbers, to compare them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace gpuslice::doctor {

// {580, 126, 9} of "580.126.09" or "R580.126.09"; empty when there is no number. A branch, "580", is less than each of
// its versions.
[[nodiscard]] inline std::vector<std::uint32_t> version_of(std::string_view text) {
  std::vector<std::uint32_t> parts;
  bool inside = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      if (!inside) parts.push_back(0);
      inside = true;
      if (parts.back() < 100'000'000) parts.back() = parts.back() * 10 + static_cast<std::uint32_t>(c - '0');
    } else {
      inside = false;
    }
  }
  return parts;
}

}  // namespace gpuslice::doctor
