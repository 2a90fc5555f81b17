#include "sim/usage.hpp"

#include <algorithm>

#include "sim/driver.hpp"
#include "sim/sensors.hpp"

namespace gpuslice::sim {

Usage usage_at(const catalog::Sensors& board, const GpuConfig& config, const GpuDynamic& gpu, const Load& load,
               std::uint64_t now_us) {
  auto usage = gpu.usage;
  if (usage.until_us == 0 || now_us <= usage.until_us) return usage;
  const auto passed = now_us - usage.until_us;
  const auto now = readings(board, config, gpu.settings, load);
  usage.until_us = now_us;
  usage.energy_uj += std::uint64_t{now.power_mw.value} * passed / 1000;
  if (load.idle()) usage.idle_us += passed;
  if ((now.event_reasons & reason_power_cap) != 0) usage.power_capped_us += passed;
  const auto target = application_graphics(board, gpu.settings);
  if (target.known != 0 && now.graphics_mhz.known != 0 && now.graphics_mhz.value < target.value)
    usage.below_default_us += passed;
  return usage;
}

std::vector<Client> recorded_clients(const NodeDynamic& state, std::uint32_t gpu) {
  std::vector<Client> found;
  for (const auto& client : state.clients)
    if (client.used != 0 && client.boot == state.boot && client.gpu == gpu) found.push_back(client);
  return found;
}

void settle_usage(const catalog::Sensors& board, const mig::Capability& capability, const GpuConfig& config,
                  NodeDynamic& state, std::uint32_t gpu, std::uint64_t now_us) {
  auto& dynamic = state.gpus[gpu];
  const auto load = whole_load(capability, dynamic.mig, recorded_clients(state, gpu));
  dynamic.usage = usage_at(board, config, dynamic, load, now_us);
}

void settle_usage(const NodeConfig& node, NodeDynamic& state, std::uint32_t gpu, std::uint64_t now_us) {
  const auto& config = node.gpus[gpu];
  if (state.gpus[gpu].usage.until_us == 0 || now_us <= state.gpus[gpu].usage.until_us) return;
  const auto product = catalog::find(config.product.view());
  if (!product) return;
  settle_usage(catalog::at_board(**product, config.name.view()).sensors, capability_of(node, config, **product), config,
               state, gpu, now_us);
}

void retire_client(const NodeConfig& node, NodeDynamic& state, std::size_t slot, std::uint64_t now_us) {
  const auto ended = state.clients[slot];
  if (ended.used != 0 && ended.boot == state.boot && ended.gpu < max_gpus && now_us != 0) {
    settle_usage(node, state, ended.gpu, now_us);
    auto& ring = state.accounted;
    if (state.gpus[ended.gpu].accounting != 0)
      ring.slots[ring.written++ % AccountedRing::capacity] = {
          ended.gpu, ended.pid, ended.started_us, std::max(now_us, ended.started_us), ended.memory_bytes, ended.load};
  }
  state.clients[slot] = Client{};
}

std::vector<Accounted> accounted_of(const AccountedRing& ring, std::uint32_t gpu) {
  std::vector<Accounted> found;
  const auto kept = std::min<std::uint64_t>(ring.written, AccountedRing::capacity);
  for (auto number = ring.written - kept; number < ring.written; ++number) {
    const auto& one = ring.slots[number % AccountedRing::capacity];
    if (one.gpu == gpu && one.pid != 0) found.push_back(one);
  }
  return found;
}

void forget_accounted(AccountedRing& ring, std::uint32_t gpu) {
  for (auto& one : ring.slots)
    if (one.gpu == gpu) one = {};
}

}  // namespace gpuslice::sim
