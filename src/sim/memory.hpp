// Memory and BAR1 of a simulated GPU and of its MIG devices: the figures the driver would answer. Pure; bytes.
//
// Rules (transcripts and recordings): the total of a MIG device is its profile's memory; idle use is a product figure
// per compute slice of the GPU instance, whatever its memory slices; all compute instances of an instance show the
// instance's figure; the GPU's use is the sum over its instances before rounding. BAR1 of a MIG device is its share of
// a pool less one byte.
#pragma once

#include <cstdint>
#include <span>

#include "mig/partition.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

inline constexpr std::uint64_t mib = 1024ULL * 1024;

struct MemoryUse {
  std::uint64_t total{}, reserved{}, used{}, free{};  // used without the reserved part
};
struct Bar1Use {
  std::uint64_t total{}, used{}, free{};
};

[[nodiscard]] MemoryUse gpu_memory(const GpuConfig& config, const mig::Capability& capability,
                                   const mig::GpuState& state, std::span<const Client> clients);
[[nodiscard]] MemoryUse instance_memory(const GpuConfig& config, const mig::GiProfile& profile, mig::GiId gi,
                                        std::span<const Client> clients);
[[nodiscard]] Bar1Use gpu_bar1(const GpuConfig& config);
[[nodiscard]] Bar1Use instance_bar1(const GpuConfig& config, const mig::Capability& capability,
                                    mig::Placement placement);

}  // namespace gpuslice::sim
