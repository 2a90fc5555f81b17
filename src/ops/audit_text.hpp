// The result of a change as written to the audit log. Other programs and other versions of gpuslice read that file, so
// this text must not change. Front ends word their own messages.
#pragma once

#include <string>
#include <vector>

#include "ops/failure.hpp"

namespace gpuslice::ops {

// "taken back: ...", "remains: ...", "cut off: ..."
[[nodiscard]] std::string audit_text(const Failure& failure);
// The result of a recovery: rolled back, or not completely rolled back.
[[nodiscard]] std::string audit_text(const std::vector<Remainder>& remains);

}  // namespace gpuslice::ops
