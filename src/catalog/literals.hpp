// C++ source text for values, for the generator of the product tables.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "catalog/sensors.hpp"

namespace gpuslice::catalog {

inline std::string literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + '"';
}

inline std::string sure(Confidence confidence) {
  constexpr std::string_view names[] = {"recorded",    "transcript", "docs",      "derived",
                                        "derived_low", "general",    "name_only", "unknown"};
  return fmt::format("Confidence::{}", names[static_cast<std::size_t>(confidence)]);
}

inline std::string flag(bool value) { return value ? "true" : "false"; }

template <class T>
std::string maybe(const std::optional<T>& value) {
  return value ? fmt::format("{{{}}}", *value) : "{}";
}
inline std::string maybe(const std::optional<ShortText>& value) {
  return value ? fmt::format("{{ShortText({})}}", literal(value->view())) : "{}";
}
inline std::string maybe(const std::optional<MemoryClocks>& value) {
  if (!value) return "{}";
  std::string all;
  for (const auto mhz : *value) all += fmt::format("{}{}", all.empty() ? "" : ", ", mhz);
  return fmt::format("MemoryClocks{{{}}}", all);
}

template <class T>
std::string figure_literal(const Figure<T>& f) {
  return f.known() ? fmt::format("{{{}, {}}}", maybe(f.value), sure(f.confidence)) : "{}";
}

// The known sensors of one board, with designators, so that the compiler checks that the order matches each_sensor.
std::string sensors_literal(const Sensors& sensors);

}  // namespace gpuslice::catalog
