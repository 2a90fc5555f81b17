// GPU performance metrics (GPM): how busy a GPU, or an instance on it, was between two samples. Pure.
//
// A sample holds the accumulated work of the current clients, each since its start, so the difference of two samples is
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
  Load load;                  // at the time of the sample
  std::uint64_t worked[6]{};  // percent times microseconds: SM, memory, encoder, decoder, JPEG, OFA
};

// Samples the whole GPU, or one GPU instance or compute instance on it.
[[nodiscard]] GpmSample take_sample(const mig::Capability& capability, const mig::GpuState& state,
                                    std::span<const Client> clients, std::optional<mig::GiId> gi,
                                    std::optional<mig::CiId> ci, std::uint64_t now_us);

// `number` is NVML's number of the metric; the value is in NVML's unit. Returns nullopt for metrics that are unknown
// for a simulated GPU: the instruction mix of its clients, and its caches.
[[nodiscard]] std::optional<double> metric(const GpmSample& first, const GpmSample& second, std::uint32_t number,
                                           std::uint32_t links);

}  // namespace gpuslice::sim
