// How surely a figure is known, and a figure with that mark.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace gpuslice::catalog {

// Surest first.
enum class Confidence : std::uint8_t {
  recorded,     // read off real hardware for this project
  transcript,   // seen in public nvidia-smi output
  docs,         // in a vendor's document
  derived,      // by a pattern that holds on all parts seen
  derived_low,  // by a pattern that fits, with no transcript of this architecture
  general,      // generally known, no source at hand
  name_only,    // only the name was seen
  unknown,      // not found
};

// The word that stands for it in data files and in output.
inline constexpr std::array<std::pair<Confidence, std::string_view>, 8> confidence_words{{
    {Confidence::recorded, "recorded"},
    {Confidence::transcript, "transcript"},
    {Confidence::docs, "docs"},
    {Confidence::derived, "derived"},
    {Confidence::derived_low, "derived-low"},
    {Confidence::general, "general"},
    {Confidence::name_only, "name-only"},
    {Confidence::unknown, "unknown"},
}};
[[nodiscard]] constexpr std::string_view word(Confidence confidence) {
  for (const auto& [value, text] : confidence_words)
    if (value == confidence) return text;
  return "unknown";
}
[[nodiscard]] constexpr std::optional<Confidence> confidence_of(std::string_view text) {
  for (const auto& [value, spelled] : confidence_words)
    if (spelled == text) return value;
  return std::nullopt;
}

// A value; or known not to be there (`absent`: a board without a fan); or not known.
template <class T>
struct Figure {
  std::optional<T> value{};
  Confidence confidence{Confidence::unknown};

  [[nodiscard]] constexpr bool absent() const { return !value && confidence != Confidence::unknown; }
  [[nodiscard]] constexpr bool known() const { return confidence != Confidence::unknown; }
};

}  // namespace gpuslice::catalog
