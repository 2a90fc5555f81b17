#include "sim/clock.hpp"

#include <chrono>

namespace gpuslice::sim {

std::uint64_t wall_clock_us() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
}

}  // namespace gpuslice::sim
