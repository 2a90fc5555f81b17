// What the sensors of a simulated GPU show: clocks, power, temperatures, utilization of its units. Pure: the same
// board, state and clients give the same readings.
//
// Each client declares its load (Load). An idle board shows the catalogue's figures. The effect of load on power and
// heat was measured on an H200 (idle 122 W and 34 C; multiprocessors at 25, 50, 75 and 100 %: 178, 232, 286 and 343 W;
// with a copy that fills the memory bandwidth in addition: 371 W). On other boards it is scaled to the difference
// between idle power and default limit. A power limit below the demand lowers the clocks and is reported as an event
// reason. An unknown figure of the board is unknown here, too.
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
// The reasons of an H200: idle, application clocks, power cap, slowdowns, sync boost, display clocks.
inline constexpr std::uint64_t supported_event_reasons = 0x1ff;

struct Readings {
  Load load;  // of the whole GPU; each figure is at most 100
  OptionalU32 graphics_mhz, sm_mhz, memory_mhz, video_mhz;
  OptionalU32 performance_state;
  std::uint64_t event_reasons{};
  OptionalU32 power_mw, memory_power_mw;
  OptionalU32 temperature_c, memory_temperature_c;
  std::optional<std::int32_t> margin_c;  // how far it is below the temperature at which the GPU throttles
};

// The share of the GPU's multiprocessors that a client's compute instance has, out of 1000; 1000 for a client of the
// whole GPU.
[[nodiscard]] std::uint32_t share_of(const mig::Capability& capability, const mig::GpuState& state,
                                     const Client& client);
// The load of all clients together, each scaled by its share.
[[nodiscard]] Load whole_load(const mig::Capability& capability, const mig::GpuState& state,
                              std::span<const Client> clients);
// The load of one GPU instance, or of one compute instance in it, in percent of that instance's capacity.
[[nodiscard]] Load instance_load(const mig::Capability& capability, const mig::GpuState& state,
                                 std::span<const Client> clients, mig::GiId gi, std::optional<mig::CiId> ci);

[[nodiscard]] Readings readings(const catalog::Sensors& board, const GpuConfig& config, const GpuSettings& settings,
                                const Load& load);

// The power limit in force, in milliwatts.
[[nodiscard]] OptionalU32 power_limit(const GpuConfig& config, const GpuSettings& settings);
[[nodiscard]] OptionalU32 application_graphics(const catalog::Sensors& board, const GpuSettings& settings);
[[nodiscard]] OptionalU32 application_memory(const catalog::Sensors& board, const GpuSettings& settings);

template <class T>
[[nodiscard]] OptionalU32 known(const catalog::Figure<T>& figure, std::uint32_t times = 1) {
  return figure.value ? OptionalU32{static_cast<std::uint32_t>(*figure.value) * times, 1} : OptionalU32{};
}

}  // namespace gpuslice::sim
