// Reads JSON strictly: a key that is not read is an error, every value must have the expected type, and errors name the
// position.
//
// Used only at build time. Errors are thrown as Bad inside product_file.cpp, which converts them to an Error.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/confidence.hpp"

namespace gpuslice::catalog {

using nlohmann::json;

struct Bad {
  std::string where;  // "mig.profiles[0].id"
  std::string what;   // "is missing"
};

// One JSON object that is being read; `done` rejects keys that were not read.
class Object {
 public:
  Object(const json& value, std::string where) : value_(value), where_(std::move(where)) {
    if (!value.is_object()) throw Bad{where_, "is not an object"};
  }

  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] std::string at(std::string_view key) const {
    return where_.empty() ? std::string(key) : where_ + "." + std::string(key);
  }
  [[nodiscard]] const json* maybe(std::string_view key) {
    asked_.emplace_back(key);
    const auto found = value_.find(key);
    return found == value_.end() ? nullptr : &*found;
  }
  [[nodiscard]] const json& need(std::string_view key) {
    const auto* found = maybe(key);
    if (found == nullptr) throw Bad{at(key), "is missing"};
    return *found;
  }
  [[nodiscard]] std::string text(std::string_view key) {
    const auto& found = need(key);
    if (!found.is_string()) throw Bad{at(key), "is not a string"};
    return found.get<std::string>();
  }
  [[nodiscard]] std::string text_or_empty(std::string_view key) {
    return value_.contains(key) ? text(key) : (asked_.emplace_back(key), std::string());
  }
  template <class T>
  [[nodiscard]] T number(std::string_view key) {
    return to_number<T>(need(key), at(key));
  }
  template <class T>
  [[nodiscard]] std::optional<T> maybe_number(std::string_view key) {
    const auto* found = maybe(key);
    if (found == nullptr) return std::nullopt;
    return to_number<T>(*found, at(key));
  }
  [[nodiscard]] bool flag(std::string_view key) {
    const auto* found = maybe(key);
    if (found == nullptr) return false;
    if (!found->is_boolean()) throw Bad{at(key), "is neither true nor false"};
    return found->get<bool>();
  }
  // The elements of a list, each with its position; empty if the key is absent.
  [[nodiscard]] std::vector<std::pair<const json*, std::string>> list(std::string_view key) {
    std::vector<std::pair<const json*, std::string>> elements;
    const auto* found = maybe(key);
    if (found == nullptr) return elements;
    if (!found->is_array()) throw Bad{at(key), "is not a list"};
    for (const auto& element : *found)
      elements.emplace_back(&element, at(key) + "[" + std::to_string(elements.size()) + "]");
    return elements;
  }
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> all;
    for (const auto& [element, place] : list(key)) {
      if (!element->is_string()) throw Bad{place, "is not a string"};
      all.push_back(element->get<std::string>());
    }
    return all;
  }
  [[nodiscard]] Confidence confidence(std::string_view key) {
    const auto known = confidence_of(text(key));
    if (!known) throw Bad{at(key), "is not a confidence"};
    return *known;
  }
  void done() const {
    for (const auto& item : value_.items())
      if (std::find(asked_.begin(), asked_.end(), item.key()) == asked_.end())
        throw Bad{at(item.key()), "is not a known key"};
  }

  template <class T>
  static T to_number(const json& value, const std::string& place) {
    if (!value.is_number_unsigned()) throw Bad{place, "is not a whole number of at least 0"};
    const auto wide = value.get<std::uint64_t>();
    if (wide > std::numeric_limits<T>::max()) throw Bad{place, "is too large"};
    return static_cast<T>(wide);
  }

 private:
  const json& value_;
  std::string where_;
  std::vector<std::string> asked_;
};

}  // namespace gpuslice::catalog
