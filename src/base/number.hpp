// Parses numbers in text that may come from outside: no characters are skipped, and a number that does not fit is
// rejected.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace gpuslice {

// Parses all of `text`; nullopt if it is empty, has a blank or a plus sign, or has anything after the number.
template <class Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number value{};
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// The number at the start of `text`, 0 if there is none: 580 for "580.126.09".
[[nodiscard]] inline unsigned leading_number(std::string_view text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace gpuslice
