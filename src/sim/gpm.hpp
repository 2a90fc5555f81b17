// GPU performance metrics (GPM): how busy a GPU, or an instance on it, was between two samples. Pure.
//
// A sample holds the accumulated work of the current clients since each started, so the difference of two samples is
// the work in between. If a client ends in between, it is missing from the later sample, and the metrics are those at
// the time of the later sample.
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

// `number` is NVML's number of the metric; the value is in NVML's unit. nullopt for metrics that a simulated GPU does
// not know: the instruction mix of its clients, and caches.
[[nodiscard]] std::optional<double> metric(const GpmSample& first, const GpmSample& second, std::uint32_t number,
                                           std::uint32_t links);

}  // namespace gpuslice::sim
