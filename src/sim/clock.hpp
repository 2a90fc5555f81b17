// The clock that a driver is opened with: microseconds since the epoch, which all times of a node's state are in.
#pragma once

#include <cstdint>

namespace gpuslice::sim {

using Clock = std::uint64_t (*)();
[[nodiscard]] std::uint64_t wall_clock_us();

}  // namespace gpuslice::sim
