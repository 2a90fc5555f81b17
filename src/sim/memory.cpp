#include "sim/memory.hpp"

#include <algorithm>

namespace gpuslice::sim {
namespace {

bool is_whole_gpu(const mig::Capability& capability, mig::Placement placement) {
  return capability.grid != 0 && placement.size == capability.grid;
}
bool is_whole_gpu(const mig::Capability& capability, const mig::GiProfile& profile) {
  return !profile.sites.empty() && is_whole_gpu(capability, profile.sites[0]);
}

std::uint64_t idle_bytes(const GpuConfig& config, const mig::Capability& capability, const mig::GiProfile& profile) {
  if (is_whole_gpu(capability, profile)) return config.whole_idle_mib * mib;
  return std::uint64_t{config.idle_mib_per_slice_x100} * profile.slices * mib / 100;
}

std::uint64_t total_bytes(const GpuConfig& config) {
  return config.memory_total_mib.value * mib - config.memory_short_bytes;
}

std::uint64_t known(std::uint64_t bytes) { return bytes == ~std::uint64_t{0} ? 0 : bytes; }

// Measured on an H200 with MIG off and no client: 1703936 bytes of BAR1 are in use.
constexpr std::uint64_t idle_bar1_bytes = 1703936;

MemoryUse settle(MemoryUse use) {
  use.used = std::min(use.used, use.total - std::min(use.reserved, use.total));
  use.free = use.total - use.reserved - use.used;
  return use;
}

}  // namespace

void set_memory(GpuConfig& config, const catalog::GpuMemory& known) {
  config.memory_reserved_bytes = known.reserved_bytes.value_or(0);
  config.memory_reserved_known = known.reserved_bytes ? 1 : 0;
  if (!known.total_bytes) return;
  const auto whole = (*known.total_bytes + mib - 1) / mib;
  config.memory_total_mib = {static_cast<std::uint32_t>(whole), 1};
  config.memory_short_bytes = static_cast<std::uint32_t>(whole * mib - *known.total_bytes);
}

void set_idle_use(GpuConfig& config, const catalog::IdleUse* known) {
  if (known == nullptr) return;
  config.idle_mib_per_slice_x100 = known->mib_per_slice_x100;
  config.whole_idle_mib = known->whole_mib;
}

MemoryUse gpu_memory(const GpuConfig& config, const mig::Capability& capability, const mig::GpuState& state,
                     std::span<const Client> clients) {
  MemoryUse use;
  use.total = total_bytes(config);
  use.reserved = std::min(config.memory_reserved_bytes, use.total);
  for (const auto& instance : state.partition.instances)
    if (const auto* profile = capability.find(instance.profile)) use.used += idle_bytes(config, capability, *profile);
  for (const auto& client : clients) use.used += known(client.memory_bytes) + client.hidden_bytes;
  return settle(use);
}

MemoryUse instance_memory(const GpuConfig& config, const mig::Capability& capability, const mig::GiProfile& profile,
                          mig::GiId gi, std::span<const Client> clients) {
  MemoryUse use;
  use.total = std::uint64_t{profile.memory_mib.value_or(0)} * mib;
  if (is_whole_gpu(capability, profile) && config.memory_reserved_known != 0)
    use.total = total_bytes(config) - std::min(config.memory_reserved_bytes, total_bytes(config));
  use.used = idle_bytes(config, capability, profile);
  for (const auto& client : clients)
    if (client.gi == static_cast<std::int32_t>(gi.value)) use.used += known(client.memory_bytes) + client.hidden_bytes;
  return settle(use);
}

Bar1Use gpu_bar1(const GpuConfig& config) {
  Bar1Use use;
  use.total = std::uint64_t{config.bar1_total_mib.value} * mib;
  use.used = std::min(idle_bar1_bytes, use.total);
  use.free = use.total - use.used;
  return use;
}

Bar1Use instance_bar1(const GpuConfig& config, const mig::Capability& capability, mig::Placement placement) {
  if (is_whole_gpu(capability, placement)) return gpu_bar1(config);
  Bar1Use use;
  const std::uint64_t pool = std::uint64_t{config.bar1_pool_mib.value} * mib;
  if (capability.grid != 0 && pool != 0) use.total = pool / capability.grid * placement.size - 1;
  use.free = use.total;
  return use;
}

}  // namespace gpuslice::sim
