// The series of samples that a driver keeps: the times of the samples, and the load at each. Pure.
//
// Measured on an H200: 119 power samples, one every 20 ms; 71 utilization samples, one every 200 ms. The simulated
// driver stores no samples: it derives them from the start times of the current clients.
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

// The time of the newest sample, at or before `now_us`.
[[nodiscard]] constexpr std::uint64_t last_sample(const Series& series, std::uint64_t now_us) {
  return now_us / series.period_us * series.period_us;
}
// The times of the samples that are newer than `after_us`, ascending.
[[nodiscard]] std::vector<std::uint64_t> sample_times(const Series& series, std::uint64_t now_us,
                                                      std::uint64_t after_us);

// The load of the whole GPU at a moment, caused by the clients that had started by then.
[[nodiscard]] Load load_at(const mig::Capability& capability, const mig::GpuState& state,
                           std::span<const Client> clients, std::uint64_t moment_us);

}  // namespace gpuslice::sim
