#include "sim/sensors.hpp"

#include <algorithm>

namespace gpuslice::sim {
namespace {

// The power that full load adds, in 1/10000 of the difference between idle power and the default limit: first all
// multiprocessors (221 W of 578 W on the H200), then full memory bandwidth in addition (28 W).
constexpr std::uint64_t sm_power = 3824;
constexpr std::uint64_t memory_power = 484;
// Watts above idle that raise the temperature by one degree. For the memory's sensor: the rise in degrees at full load
// of each unit.
constexpr std::uint32_t watts_per_degree = 22;
constexpr std::uint32_t memory_degrees_of_sm = 7;
constexpr std::uint32_t memory_degrees_of_memory = 11;
constexpr std::uint32_t full = 100;

Load sum(const Load& a, const Load& b) {
  return {
      a.sm + b.sm, a.memory + b.memory, a.encoder + b.encoder, a.decoder + b.decoder, a.jpeg + b.jpeg, a.ofa + b.ofa,
      {}};
}

// In hundredths, so that shares of instances do not round to 0 before they are added.
Load scaled(const Load& load, std::uint32_t share) {
  const auto part = [&](std::uint32_t percent) { return percent * share; };
  return {
      part(load.sm), part(load.memory), part(load.encoder), part(load.decoder), part(load.jpeg), part(load.ofa), {}};
}

Load settled(const Load& load, std::uint32_t divisor) {
  const auto percent = [&](std::uint32_t value) { return std::min(full, (value + divisor / 2) / divisor); };
  return {percent(load.sm),
          percent(load.memory),
          percent(load.encoder),
          percent(load.decoder),
          percent(load.jpeg),
          percent(load.ofa),
          {}};
}

std::uint32_t slices_of(const mig::Capability& capability, const mig::GpuState& state, std::int32_t gi_id,
                        std::int32_t ci_id) {
  const auto* gi = state.partition.find(mig::GiId{static_cast<std::uint32_t>(gi_id)});
  const auto* profile = gi != nullptr ? capability.find(gi->profile) : nullptr;
  const auto* ci = gi != nullptr ? gi->find(mig::CiId{static_cast<std::uint32_t>(ci_id)}) : nullptr;
  const auto* ci_profile = profile != nullptr && ci != nullptr ? profile->find(ci->profile) : nullptr;
  return ci_profile != nullptr ? ci_profile->slices : 0;
}

OptionalU32 clamped(OptionalU32 clock, std::uint32_t low, std::uint32_t high) {
  if (clock.known != 0 && high != 0) clock.value = std::clamp(clock.value, std::min(low, high), high);
  return clock;
}

OptionalU32 first_known(OptionalU32 a, OptionalU32 b) { return a.known != 0 ? a : b; }

}  // namespace

std::uint32_t share_of(const mig::Capability& capability, const mig::GpuState& state, const Client& client) {
  if (client.gi < 0 || capability.compute_slices == 0) return 1000;
  return slices_of(capability, state, client.gi, client.ci) * 1000 / capability.compute_slices;
}

Load whole_load(const mig::Capability& capability, const mig::GpuState& state, std::span<const Client> clients) {
  Load all;
  for (const auto& client : clients) all = sum(all, scaled(client.load, share_of(capability, state, client)));
  return settled(all, 1000);
}

Load instance_load(const mig::Capability& capability, const mig::GpuState& state, std::span<const Client> clients,
                   mig::GiId gi, std::optional<mig::CiId> ci) {
  const auto* instance = state.partition.find(gi);
  const auto* profile = instance != nullptr ? capability.find(instance->profile) : nullptr;
  if (profile == nullptr || profile->slices == 0) return {};
  Load all;
  for (const auto& client : clients) {
    if (client.gi != static_cast<std::int32_t>(gi.value)) continue;
    if (ci && client.ci != static_cast<std::int32_t>(ci->value)) continue;
    const auto slices = slices_of(capability, state, client.gi, client.ci);
    all = sum(all, scaled(client.load, ci ? 1000 : slices * 1000 / profile->slices));
  }
  return settled(all, 1000);
}

OptionalU32 power_limit(const GpuConfig& config, const GpuSettings& settings) {
  return settings.power_limit_mw != 0 ? OptionalU32{settings.power_limit_mw, 1} : config.power_limit_mw;
}
OptionalU32 application_graphics(const catalog::Sensors& board, const GpuSettings& settings) {
  return settings.application_graphics_mhz != 0 ? OptionalU32{settings.application_graphics_mhz, 1}
                                                : known(board.default_graphics_mhz);
}
OptionalU32 application_memory(const catalog::Sensors& board, const GpuSettings& settings) {
  return settings.application_memory_mhz != 0 ? OptionalU32{settings.application_memory_mhz, 1}
                                              : known(board.default_memory_mhz);
}

Readings readings(const catalog::Sensors& board, const GpuConfig& config, const GpuSettings& settings,
                  const Load& load) {
  Readings now;
  now.load = load;
  const bool busy = !load.idle();

  // Clocks start from the idle clocks, or under load from the applications clocks. Locked clocks then limit them, and
  // after that (below) the power limit.
  const auto target = application_graphics(board, settings);
  now.graphics_mhz = busy ? first_known(target, known(board.max_graphics_mhz)) : known(board.idle_graphics_mhz);
  now.sm_mhz = busy ? first_known(target, known(board.max_sm_mhz)) : known(board.idle_sm_mhz);
  now.memory_mhz = busy ? first_known(application_memory(board, settings), known(board.max_memory_mhz))
                        : known(board.idle_memory_mhz);
  now.video_mhz = busy ? known(board.max_video_mhz) : known(board.idle_video_mhz);
  for (auto* clock : {&now.graphics_mhz, &now.sm_mhz})
    *clock = clamped(*clock, settings.locked_graphics_min_mhz, settings.locked_graphics_max_mhz);
  now.memory_mhz = clamped(now.memory_mhz, settings.locked_memory_min_mhz, settings.locked_memory_max_mhz);

  // The power that the load needs at these clocks (modelled as proportional to them), then what the limit allows of it.
  std::uint64_t wanted = config.power_mw.value, allowed = wanted;
  const auto limit = power_limit(config, settings);
  now.power_mw = config.power_mw;
  if (config.power_mw.known != 0 && config.power_limit_mw.known != 0) {
    const std::uint64_t idle = config.power_mw.value;
    const std::uint64_t room = config.power_limit_mw.value > idle ? config.power_limit_mw.value - idle : 0;
    std::uint64_t of_sm = sm_power * load.sm;
    const auto usual = first_known(known(board.default_graphics_mhz), known(board.max_graphics_mhz));
    if (busy && usual.known != 0 && usual.value != 0) of_sm = of_sm * now.graphics_mhz.value / usual.value;
    wanted = idle + room * (of_sm + memory_power * load.memory) / (std::uint64_t{full} * 10000);
    allowed = std::min<std::uint64_t>(wanted, std::max<std::uint64_t>(limit.value, idle));
    now.power_mw.value = static_cast<std::uint32_t>(allowed);
  }
  const bool capped = allowed < wanted;
  if (capped && now.graphics_mhz.known != 0) {
    const auto lowered = static_cast<std::uint32_t>(std::uint64_t{now.graphics_mhz.value} * allowed / wanted);
    // Uses the next lower supported clock, if the supported clocks are known.
    const auto clocks = catalog::graphics_clocks(board, now.memory_mhz.value);
    auto snapped = std::max(lowered, board.min_graphics_mhz.value.value_or(0));
    for (std::uint32_t i = 0; i < clocks.count; ++i) {
      snapped = clocks[i];
      if (snapped <= lowered) break;
    }
    for (auto* clock : {&now.graphics_mhz, &now.sm_mhz})
      if (clock->known != 0) clock->value = std::min(clock->value, snapped);
  }

  // An idle GPU whose clocks stay at their maximum does not report the idle reason (measured on an H200, at 1980 and at
  // 345 MHz).
  const auto most = known(board.max_graphics_mhz);
  const bool slower = now.graphics_mhz.known != 0 && most.known != 0 && now.graphics_mhz.value < most.value;
  if (!busy && slower) now.event_reasons |= reason_idle;
  if (busy && settings.application_graphics_mhz != 0 && slower && !capped)
    now.event_reasons |= reason_application_clocks;
  if (capped) now.event_reasons |= reason_power_cap;

  now.performance_state = config.performance_state;
  if (busy && now.performance_state.known != 0) now.performance_state.value = 0;

  const auto rise = config.power_mw.known != 0
                        ? static_cast<std::uint32_t>((allowed - config.power_mw.value) / 1000 / watts_per_degree)
                        : 0;
  now.temperature_c = config.temperature_c;
  if (now.temperature_c.known != 0) now.temperature_c.value += rise;
  now.memory_temperature_c = known(board.idle_memory_c);
  if (now.memory_temperature_c.known != 0)
    now.memory_temperature_c.value += (memory_degrees_of_sm * load.sm + memory_degrees_of_memory * load.memory) / full;
  if (board.throttle_c.value && now.temperature_c.known != 0)
    now.margin_c =
        static_cast<std::int32_t>(*board.throttle_c.value) - static_cast<std::int32_t>(now.temperature_c.value);

  now.memory_power_mw = known(board.memory_power_w, 1000);
  if (now.memory_power_mw.known != 0 && config.power_mw.known != 0 && config.power_limit_mw.known != 0) {
    const std::uint64_t room =
        config.power_limit_mw.value > config.power_mw.value ? config.power_limit_mw.value - config.power_mw.value : 0;
    now.memory_power_mw.value += static_cast<std::uint32_t>(room * memory_power * load.memory / (full * 10000ULL));
  }
  return now;
}

}  // namespace gpuslice::sim
