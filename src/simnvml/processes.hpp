// The processes of a device, for the public lists and those of the private table.
#pragma once

#include <vector>

#include "simnvml/call.hpp"

namespace gpuslice::simnvml {

inline constexpr unsigned compute_kind = 1;
inline constexpr unsigned graphics_kind = 2;
inline constexpr unsigned mps_kind = 4;

// The clients of the device, ascending by pid.
[[nodiscard]] std::vector<sim::Client> processes_of(sim::Driver& driver, const Device& device, unsigned kind);

}  // namespace gpuslice::simnvml
