// How a change ended: the values of ops as sentences and JSON keywords.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ops/change.hpp"
#include "ops/failure.hpp"

namespace gpuslice::cli {

// The error that is shown for a failed change: the reason, the state of the node, and what to type next.
[[nodiscard]] Error error_of(const ops::Failure& failure);

// The refusal of a change because an interrupted change must be recovered first and cannot be.
[[nodiscard]] Error cannot_recover(std::uint64_t interrupted, const std::vector<ops::Remainder>& remains);
// The error for a recovery that is incomplete.
[[nodiscard]] Error not_recovered(const ops::Recovered& recovered);
// "change 3 (apply) was rolled back: …", for a recovery after which nothing remains.
[[nodiscard]] std::string recovered_text(const ops::Recovered& recovered);

// The JSON keywords, such as "no-plan" and "not-all".
[[nodiscard]] const char* word(ops::Cause cause);
[[nodiscard]] const char* word(ops::Restored restored);

}  // namespace gpuslice::cli
