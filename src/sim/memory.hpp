// Memory and BAR1 of a simulated GPU and of its MIG devices, as the driver would report them. Pure; all figures in
// bytes.
//
// Rules, from nvidia-smi transcripts and recordings:
//
// * The total of a MIG device is the memory of its profile. Its use while idle is a figure of the product per compute
//   slice of the GPU instance, however many memory slices it has. All compute instances of a GPU instance show that
//   instance's figures.
// * The GPU's use is the sum over its instances before rounding.
// * BAR1 of a MIG device is its share of a pool less one byte.
// * The GPU instance over the whole GPU is reported like the device, not as a sum of slices: its total is the GPU's
//   less the reserved part, its BAR1 is the GPU's with what is in use there, and it has no idle use per slice
//   (nvidia-smi's default view of a DGX A100 under 450.142 and 550.163.01, of an A100-80 and of a GA100 CMP under 610).
//   If the reserved part is unknown, its total is the memory of its profile.
#pragma once

#include <cstdint>
#include <span>

#include "catalog/product.hpp"
#include "mig/partition.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

inline constexpr std::uint64_t mib = 1024ULL * 1024;

struct MemoryUse {
  std::uint64_t total{}, reserved{}, used{}, free{};  // `used` does not include the reserved part
};
struct Bar1Use {
  std::uint64_t total{}, used{}, free{};
};

// Copies the catalogue's figures into the configuration of a GPU.
void set_memory(GpuConfig& config, const catalog::GpuMemory& known);
void set_idle_use(GpuConfig& config, const catalog::IdleUse* known);

[[nodiscard]] MemoryUse gpu_memory(const GpuConfig& config, const mig::Capability& capability,
                                   const mig::GpuState& state, std::span<const Client> clients);
[[nodiscard]] MemoryUse instance_memory(const GpuConfig& config, const mig::Capability& capability,
                                        const mig::GiProfile& profile, mig::GiId gi, std::span<const Client> clients);
[[nodiscard]] Bar1Use gpu_bar1(const GpuConfig& config);
[[nodiscard]] Bar1Use instance_bar1(const GpuConfig& config, const mig::Capability& capability,
                                    mig::Placement placement);

}  // namespace gpuslice::sim
