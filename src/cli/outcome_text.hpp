// How a change ended, in words: sentences and the words of JSON for the values of ops.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ops/change.hpp"
#include "ops/failure.hpp"

namespace gpuslice::cli {

// What is shown of a change that did not come about: why, how it left the node, what to type.
[[nodiscard]] Error error_of(const ops::Failure& failure);

// The refusal of a change before which an interrupted one has to be ended, and cannot be.
[[nodiscard]] Error cannot_recover(std::uint64_t interrupted, const std::vector<ops::Remainder>& remains);
// A recovery from which something remains.
[[nodiscard]] Error not_recovered(const ops::Recovered& recovered);
// "change 3 (apply) is taken back: …", of a recovery that left nothing.
[[nodiscard]] std::string recovered_text(const ops::Recovered& recovered);

// For JSON: "no-plan", "not-all".
[[nodiscard]] const char* word(ops::Cause cause);
[[nodiscard]] const char* word(ops::Restored restored);

}  // namespace gpuslice::cli
