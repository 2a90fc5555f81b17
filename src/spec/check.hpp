// A tree held against the table of keys. What has passed can be read without further questions.
#pragma once

#include "base/result.hpp"
#include "spec/keys.hpp"
#include "spec/tree.hpp"

namespace gpuslice::spec {

// Errors (usage) name file and line, the key and what would do: a key that the map does not have (and the nearest that
// it has), one that is missing, a value of another type or out of range, a rule that is broken.
[[nodiscard]] Result<void> check(const Value& value, Object object, const std::string& file);

}  // namespace gpuslice::spec
