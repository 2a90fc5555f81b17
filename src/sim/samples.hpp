// The series of readings that a driver keeps: at which moments, and what the load was then. Pure.
//
// Recorded on an H200: power every 20 ms, 119 of them; how busy the units are every 200 ms, 71 of them. A simulated
// driver keeps none: they follow from when the clients of the moment started.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/sensors.hpp"

namespace gpuslice::sim {

struct Series {
  std::uint64_t period_us{};
  std::size_t samples{};
};
inline constexpr Series power_series{20000, 119};
inline constexpr Series utilization_series{200000, 71};

// The moment of the newest sample, at `now_us` or before.
[[nodiscard]] constexpr std::uint64_t last_sample(const Series& series, std::uint64_t now_us) {
  return now_us / series.period_us * series.period_us;
}
// The moments of the samples that are newer than `after_us`, ascending.
[[nodiscard]] std::vector<std::uint64_t> sample_times(const Series& series, std::uint64_t now_us,
                                                      std::uint64_t after_us);

// The whole GPU's load at a moment, of the clients that had started by then.
[[nodiscard]] Load load_at(const mig::Capability& capability, const mig::GpuState& state,
                           std::span<const Client> clients, std::uint64_t moment_us);

}  // namespace gpuslice::sim
