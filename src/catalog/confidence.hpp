// How reliably a figure is known, and a figure together with that information.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace gpuslice::catalog {

// In order of decreasing reliability.
enum class Confidence : std::uint8_t {
  recorded,     // read from real hardware for this project
  transcript,   // from public nvidia-smi output
  docs,         // from a vendor's document
  derived,      // inferred from a pattern that holds on all known parts
  derived_low,  // inferred from a pattern, with no transcript of this architecture
  general,      // generally known, no source at hand
  name_only,    // only the name is known
  unknown,      // not found
};

// The name of each confidence in data files and in output.
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

// A figure is a value, or known to be absent (`absent`, such as the fan speed of a board without a fan), or unknown.
template <class T>
struct Figure {
  std::optional<T> value{};
  Confidence confidence{Confidence::unknown};

  [[nodiscard]] constexpr bool absent() const { return !value && confidence != Confidence::unknown; }
  [[nodiscard]] constexpr bool known() const { return confidence != Confidence::unknown; }
};

}  // namespace gpuslice::catalog
