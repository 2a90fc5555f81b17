// How a change ended, as the audit records it. The audit is a file that other programs read, and its text stays as it
// is; what a person is shown is a front end's, and may change.
#pragma once

#include <string>
#include <vector>

#include "ops/failure.hpp"

namespace gpuslice::ops {

// "taken back: ...", "remains: ...", "cut off: ..."
[[nodiscard]] std::string audit_text(const Failure& failure);
// Of a recovery that did not end in a change that is done.
[[nodiscard]] std::string audit_text(const std::vector<Remainder>& remains);

}  // namespace gpuslice::ops
