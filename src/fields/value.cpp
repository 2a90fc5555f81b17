#include "fields/value.hpp"

namespace gpuslice::fields {

std::uint64_t Value::number() const {
  if (const auto* n = std::get_if<std::uint64_t>(&held_)) return *n;
  if (const auto* n = std::get_if<std::int64_t>(&held_)) return static_cast<std::uint64_t>(*n);
  return 0;
}

std::int64_t Value::with_sign() const { return static_cast<std::int64_t>(number()); }

std::string Value::words() const {
  if (const auto* n = std::get_if<std::uint64_t>(&held_)) return std::to_string(*n);
  if (const auto* n = std::get_if<std::int64_t>(&held_)) return std::to_string(*n);
  return std::get<std::string>(held_);
}

}  // namespace gpuslice::fields
