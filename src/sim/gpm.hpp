// GPU performance metrics (GPM): what a GPU, or an instance on it, did between two samples. Pure.
//
// A sample keeps what the clients of the moment have kept busy since they started, so that the difference of two is
// what they did in between. When one of them has ended meanwhile it is missing from the later sample, and the metrics
// are those of the later moment.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sim/sensors.hpp"

namespace gpuslice::sim {

struct GpmSample {
  std::uint64_t taken_us{};
  Load load;                  // at that moment
  std::uint64_t worked[6]{};  // percent times microseconds: SM, memory, encoder, decoder, JPEG, OFA
};

// Of the whole GPU, or of one GPU instance or compute instance on it.
[[nodiscard]] GpmSample take_sample(const mig::Capability& capability, const mig::GpuState& state,
                                    std::span<const Client> clients, std::optional<mig::GiId> gi,
                                    std::optional<mig::CiId> ci, std::uint64_t now_us);

// NVML's number of a metric, in its unit; nothing for one that a simulated GPU does not know: the mix of instructions
// of its clients, and caches.
[[nodiscard]] std::optional<double> metric(const GpmSample& first, const GpmSample& second, std::uint32_t number,
                                           std::uint32_t links);

}  // namespace gpuslice::sim
