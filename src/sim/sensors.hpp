// What the sensors of a simulated GPU read: clocks, power, temperatures, how busy its units are. Pure: the same board,
// state and clients give the same readings.
//
// Clients declare what they keep busy (Load); an idle board reads as the catalogue has it. How load becomes power and
// heat was measured on an H200 (idle 122 W and 34 C; multiprocessors at 25, 50, 75 and 100 %: 178, 232, 286 and 343 W;
// with a copy that fills the memory bandwidth in addition: 371 W). Other boards scale with the difference between their
// idle power and their default limit. A power limit below the demand lowers the clocks and is reported as an event
// reason. An unknown figure of the board stays unknown here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "catalog/sensors.hpp"
#include "mig/capability.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

// NVML's values (nvmlClocksEventReason*).
inline constexpr std::uint64_t reason_idle = 0x1;
inline constexpr std::uint64_t reason_application_clocks = 0x2;
inline constexpr std::uint64_t reason_power_cap = 0x4;
// Idle, application clocks, power cap, slowdowns, sync boost, display clocks: read from an H200.
inline constexpr std::uint64_t supported_event_reasons = 0x1ff;

struct Readings {
  Load load;  // of the whole GPU, at most 100 each
  OptionalU32 graphics_mhz, sm_mhz, memory_mhz, video_mhz;
  OptionalU32 performance_state;
  std::uint64_t event_reasons{};
  OptionalU32 power_mw, memory_power_mw;
  OptionalU32 temperature_c, memory_temperature_c;
  std::optional<std::int32_t> margin_c;  // below the temperature at which it throttles
};

// The share of the GPU's multiprocessors that a client's compute instance has, out of 1000; 1000 for a client of the
// whole GPU.
[[nodiscard]] std::uint32_t share_of(const mig::Capability& capability, const mig::GpuState& state,
                                     const Client& client);
// All clients together, each with its share.
[[nodiscard]] Load whole_load(const mig::Capability& capability, const mig::GpuState& state,
                              std::span<const Client> clients);
// The load of one GPU instance, or of one compute instance in it, in percent of what the instance has.
[[nodiscard]] Load instance_load(const mig::Capability& capability, const mig::GpuState& state,
                                 std::span<const Client> clients, mig::GiId gi, std::optional<mig::CiId> ci);

[[nodiscard]] Readings readings(const catalog::Sensors& board, const GpuConfig& config, const GpuSettings& settings,
                                const Load& load);

// The limit in force, in milliwatts.
[[nodiscard]] OptionalU32 power_limit(const GpuConfig& config, const GpuSettings& settings);
[[nodiscard]] OptionalU32 application_graphics(const catalog::Sensors& board, const GpuSettings& settings);
[[nodiscard]] OptionalU32 application_memory(const catalog::Sensors& board, const GpuSettings& settings);

template <class T>
[[nodiscard]] OptionalU32 known(const catalog::Figure<T>& figure, std::uint32_t times = 1) {
  return figure.value ? OptionalU32{static_cast<std::uint32_t>(*figure.value) * times, 1} : OptionalU32{};
}

}  // namespace gpuslice::sim
