// The clock that a driver is opened with. It returns microseconds since the epoch, the unit of all times in a node's
// state.
#pragma once

#include <cstdint>

namespace gpuslice::sim {

using Clock = std::uint64_t (*)();
[[nodiscard]] std::uint64_t wall_clock_us();

}  // namespace gpuslice::sim
