// The display modes of a workstation board and their names, in the order in which NVIDIA's Display Mode Selector lists
// them. MIG is available in the mode that switches the display outputs off.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "sim/state.hpp"

namespace gpuslice::sim {

struct DisplayModeFacts {
  DisplayMode mode{};
  std::string_view name;
  std::string_view short_name;     // its short name; empty: none
  std::optional<unsigned> number;  // as in "( Mode 4 )"; absent if unknown
};
inline constexpr std::array<DisplayModeFacts, 3> display_modes = {{
    {DisplayMode::enabled_256mb_bar1, "physical_display_enabled_256MB_bar1", "graphics", {}},
    {DisplayMode::disabled, "physical_display_disabled", "compute", 4},
    {DisplayMode::enabled_8gb_bar1, "physical_display_enabled_8GB_bar1", "", 6},
}};

// Finds a mode by either of its names.
[[nodiscard]] constexpr const DisplayModeFacts* find_display_mode(std::string_view word) {
  for (const auto& facts : display_modes)
    if (!word.empty() && (facts.name == word || facts.short_name == word)) return &facts;
  return nullptr;
}

[[nodiscard]] constexpr bool allows_mig(DisplayMode mode) { return mode == DisplayMode::disabled; }

}  // namespace gpuslice::sim
