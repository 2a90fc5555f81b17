#include "store/unknown_keys.hpp"

namespace gpuslice::store {
namespace {

using nlohmann::ordered_json;

bool is_same(const ordered_json& a, const ordered_json& b) {
  if (!a.is_object() || !b.is_object()) return false;
  const auto agree = [&](const char* key) { return a.contains(key) && b.contains(key) && a[key] == b[key]; };
  if (a.contains("uuid") || b.contains("uuid")) return agree("uuid");
  return agree("placement") && agree("profile");
}

}  // namespace

void keep_unknown(const ordered_json& before, const ordered_json& understood, ordered_json& after) {
  if (before.is_array() && understood.is_array() && after.is_array()) {
    for (std::size_t i = 0; i < std::min(before.size(), understood.size()); ++i)
      for (auto& element : after)
        if (is_same(understood[i], element)) keep_unknown(before[i], understood[i], element);
    return;
  }
  if (!before.is_object() || !understood.is_object() || !after.is_object()) return;
  for (const auto& [key, value] : before.items()) {
    if (!understood.contains(key)) {
      if (!after.contains(key)) after[key] = value;
    } else if (after.contains(key)) {
      keep_unknown(value, understood[key], after[key]);
    }
  }
}

}  // namespace gpuslice::store
