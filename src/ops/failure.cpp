#include "ops/failure.hpp"

#include <fmt/format.h>

namespace gpuslice::ops {

std::string Remainder::message() const {
  if (!gpu) return what;
  if (!uuid.empty()) return fmt::format("GPU {} ({}) {}", gpu->value, uuid, what);
  return fmt::format("GPU {}: {}", gpu->value, what);
}

Hint Failure::hint() const { return recorded == Recorded::journalled ? Hint::gpuslice({"recover"}) : why.hint; }

}  // namespace gpuslice::ops
