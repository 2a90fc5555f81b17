// Numbers read from text. The text may come from outside: nothing is skipped, and a number that does not fit is none.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace gpuslice {

// All of `text` as a number; none when the text is empty, has a blank or a plus sign, or anything after the number.
template <class Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number value{};
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// The number with which `text` begins, 0 when it begins with none: 580 of "580.126.09".
[[nodiscard]] inline unsigned leading_number(std::string_view text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace gpuslice
