// Reads one figure of a product data file. Build time only.
#pragma once

#include <type_traits>

#include "catalog/json_object.hpp"
#include "catalog/sensors.hpp"

namespace gpuslice::catalog {

inline void read_value(const json& value, const std::string& place, bool& out) {
  if (!value.is_boolean()) throw Bad{place, "is neither true nor false"};
  out = value.get<bool>();
}

template <class T>
  requires std::is_unsigned_v<T>
void read_value(const json& value, const std::string& place, T& out) {
  out = Object::to_number<T>(value, place);
}

inline void read_value(const json& value, const std::string& place, std::int32_t& out) {
  if (!value.is_number_integer()) throw Bad{place, "is not a whole number"};
  const auto wide = value.get<std::int64_t>();
  if (wide < std::numeric_limits<std::int32_t>::min() || wide > std::numeric_limits<std::int32_t>::max())
    throw Bad{place, "is too large"};
  out = static_cast<std::int32_t>(wide);
}

inline void read_value(const json& value, const std::string& place, ShortText& out) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) throw Bad{place, "is not a string"};
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() > ShortText::capacity) throw Bad{place, "is longer than 32 characters"};
  out = ShortText(text);
}

inline void read_value(const json& value, const std::string& place, MemoryClocks& out) {
  if (!value.is_array() || value.empty()) throw Bad{place, "is not a list, or is empty"};
  for (const auto& element : value) {
    const auto at = place + "[" + std::to_string(out.size()) + "]";
    const auto mhz = Object::to_number<std::uint32_t>(element, at);
    if (!out.empty() && *(out.end() - 1) <= mhz) throw Bad{at, "is not below the clock before it"};
    if (!out.push_back(mhz)) throw Bad{at, "is one too many: at most 8 are allowed"};
  }
}

// Reads {"value": 400, "confidence": "transcript", "source": "..."}. A value of null means known to be absent; without
// the key "value", the figure is unknown.
template <class T>
void figure(Object& from, std::string_view key, Figure<T>& out) {
  const auto* found = from.maybe(key);
  if (found == nullptr) return;
  Object object(*found, from.at(key));
  out = {};
  out.confidence = object.confidence("confidence");
  (void)object.text_or_empty("source");
  const auto* value = object.maybe("value");
  if ((value == nullptr) != (out.confidence == Confidence::unknown))
    throw Bad{object.where(), "needs a value exactly when its confidence is not \"unknown\""};
  if (value != nullptr && !value->is_null()) read_value(*value, object.at("value"), out.value.emplace());
  object.done();
}

}  // namespace gpuslice::catalog
