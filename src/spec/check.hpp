// Checks a tree against the table of keys. A tree that has passed can be read without further checks.
#pragma once

#include "base/result.hpp"
#include "spec/keys.hpp"
#include "spec/tree.hpp"

namespace gpuslice::spec {

// Errors (usage) name file and line, the key and what is allowed: an unknown key (with the nearest known one), a
// missing key, a value of the wrong type or out of range, or a broken rule.
[[nodiscard]] Result<void> check(const Value& value, Object object, const std::string& file);

}  // namespace gpuslice::spec
