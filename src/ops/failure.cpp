#include "ops/failure.hpp"

#include <fmt/format.h>

namespace gpuslice::ops {

std::string Remainder::message() const {
  if (!gpu) return what;
  if (!uuid.empty()) return fmt::format("GPU {} ({}) {}", gpu->value, uuid, what);
  return fmt::format("GPU {}: {}", gpu->value, what);
}

Hint Failure::hint() const {
  // A call that has not come back has its own advice, from whoever waited for it.
  const bool recovers = recorded == Recorded::journalled && restored != Restored::unknown;
  return recovers ? Hint::gpuslice({"recover"}) : why.hint;
}

}  // namespace gpuslice::ops
