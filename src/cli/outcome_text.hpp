// How a change ended: sentences and JSON keywords for the values of ops.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ops/change.hpp"
#include "ops/failure.hpp"

namespace gpuslice::cli {

// The error that is shown for a failed change: why, how it left the node, what to type.
[[nodiscard]] Error error_of(const ops::Failure& failure);

// The refusal of a change because an interrupted one has to be recovered first and cannot be.
[[nodiscard]] Error cannot_recover(std::uint64_t interrupted, const std::vector<ops::Remainder>& remains);
// The error for a recovery that is incomplete.
[[nodiscard]] Error not_recovered(const ops::Recovered& recovered);
// "change 3 (apply) was rolled back: …", of a recovery that left nothing.
[[nodiscard]] std::string recovered_text(const ops::Recovered& recovered);

// For JSON: "no-plan", "not-all".
[[nodiscard]] const char* word(ops::Cause cause);
[[nodiscard]] const char* word(ops::Restored restored);

}  // namespace gpuslice::cli
