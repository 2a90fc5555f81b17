// The figures that `nvidia-smi -q` shows of a board in addition to memory and power limit: clocks, thresholds, links,
// part numbers.
//
// As with all figures, a confidence without a value means known to be absent (nvidia-smi prints N/A), and unknown means
// not found. The names are the keys in data files; the last part of a name is the unit.
#pragma once

#include <cstdint>

#include "base/fixed_vector.hpp"
#include "catalog/confidence.hpp"
#include "catalog/short_text.hpp"

namespace gpuslice::catalog {

using MemoryClocks = FixedVector<std::uint32_t, 8>;  // MHz, highest first

struct Sensors {
  using Number = Figure<std::uint32_t>;
  using Margin = Figure<std::int32_t>;  // degrees above the throttle point (T.Limit): -8 shuts down 8 C above it
  using Flag = Figure<bool>;
  using Text = Figure<ShortText>;

  // Clocks. Idle clocks are those of an idle board in the performance state `idle_performance_state`.
  Number max_graphics_mhz{}, max_sm_mhz{}, max_memory_mhz{}, max_video_mhz{};
  Number idle_graphics_mhz{}, idle_sm_mhz{}, idle_memory_mhz{}, idle_video_mhz{};
  Number default_graphics_mhz{}, default_memory_mhz{};  // applications clocks
  Number max_customer_boost_mhz{};
  Number min_video_mhz{};                          // at an idle graphics clock
  Number min_graphics_mhz{}, graphics_step_khz{};  // supported graphics clocks; see graphics_clocks
  Figure<MemoryClocks> supported_memory_mhz{};
  Number max_graphics_at_lowest_memory_mhz{};  // absent: the lowest memory clock supports every graphics clock

  // Power. The default limit is BoardFacts::power_limit_w.
  Number min_power_limit_w{}, max_power_limit_w{};
  Flag average_power{};     // whether the average draw is reported; the instantaneous one always is
  Number memory_power_w{};  // draw of the memory alone, idle
  // Draw of the whole module (GPU and CPU), idle; the three limits below are of the module, too.
  Number module_power_w{};
  Number module_power_limit_w{}, min_module_power_limit_w{}, max_module_power_limit_w{};
  Flag power_smoothing{};  // whether the board supports it (only root can then read it); false: N/A

  // Temperature thresholds in degrees, or on newer boards as margins. nvidia-smi shows only one of the two.
  Number shutdown_c{}, slowdown_c{}, max_operating_c{}, memory_max_operating_c{}, target_c{};
  Margin shutdown_tlimit_c{}, slowdown_tlimit_c{}, max_operating_tlimit_c{}, memory_max_tlimit_c{}, idle_tlimit_c{};
  // The temperature at which the margin is 0: GPU T.Limit Temp is this minus GPU Current Temp.
  Number throttle_c{};
  Number memory_throttle_c{};  // the same for the memory
  Number idle_memory_c{};

  Number pcie_generation{}, pcie_device_generation{}, pcie_width{}, pcie_idle_generation{};

  Number row_remapper_banks{};  // absent: the board retires pages instead
  Flag retired_pages{};         // whether it reports page retirement

  Text nvlink_version{};
  Number nvlink_links{}, nvlink_mb_per_s{};  // of one link, as `nvidia-smi nvlink -s` prints

  Text board_part_number{}, gpu_part_number{}, vbios{};
  Text inforom_image{}, inforom_oem{}, inforom_ecc{}, inforom_power{};

  Number memory_bus_bits{}, cuda_cores{};
  Flag idle_encoder_decoder{}, jpeg_ofa{};  // whether the utilisations of these engines are reported
  Flag display_output{};                    // whether the board has connectors
  Flag c2c{};                               // the link to a CPU on the same module is on; absent: N/A
  Text addressing_mode{};                   // "ATS", "HMM", "None"
  Flag gsp_firmware{};                      // the board runs the driver's GSP firmware
  Flag sparse_mode{};                       // Sparse Operation Mode is Disabled, not N/A
  Text peer_type{};                         // "Switch Connected"; absent: Platform Info is N/A
  Number host_id{};                         // of Platform Info; absent: the driver refuses it
};

// Calls `visit` for each figure with its key, in the order of declaration; readers, writers and tests share this list.
template <class AnySensors, class Visit>
constexpr void each_sensor(AnySensors& s, Visit visit) {
#define GPUSLICE_SENSOR(name) visit(#name, s.name)
  GPUSLICE_SENSOR(max_graphics_mhz);
  GPUSLICE_SENSOR(max_sm_mhz);
  GPUSLICE_SENSOR(max_memory_mhz);
  GPUSLICE_SENSOR(max_video_mhz);
  GPUSLICE_SENSOR(idle_graphics_mhz);
  GPUSLICE_SENSOR(idle_sm_mhz);
  GPUSLICE_SENSOR(idle_memory_mhz);
  GPUSLICE_SENSOR(idle_video_mhz);
  GPUSLICE_SENSOR(default_graphics_mhz);
  GPUSLICE_SENSOR(default_memory_mhz);
  GPUSLICE_SENSOR(max_customer_boost_mhz);
  GPUSLICE_SENSOR(min_video_mhz);
  GPUSLICE_SENSOR(min_graphics_mhz);
  GPUSLICE_SENSOR(graphics_step_khz);
  GPUSLICE_SENSOR(supported_memory_mhz);
  GPUSLICE_SENSOR(max_graphics_at_lowest_memory_mhz);
  GPUSLICE_SENSOR(min_power_limit_w);
  GPUSLICE_SENSOR(max_power_limit_w);
  GPUSLICE_SENSOR(average_power);
  GPUSLICE_SENSOR(memory_power_w);
  GPUSLICE_SENSOR(module_power_w);
  GPUSLICE_SENSOR(module_power_limit_w);
  GPUSLICE_SENSOR(min_module_power_limit_w);
  GPUSLICE_SENSOR(max_module_power_limit_w);
  GPUSLICE_SENSOR(power_smoothing);
  GPUSLICE_SENSOR(shutdown_c);
  GPUSLICE_SENSOR(slowdown_c);
  GPUSLICE_SENSOR(max_operating_c);
  GPUSLICE_SENSOR(memory_max_operating_c);
  GPUSLICE_SENSOR(target_c);
  GPUSLICE_SENSOR(shutdown_tlimit_c);
  GPUSLICE_SENSOR(slowdown_tlimit_c);
  GPUSLICE_SENSOR(max_operating_tlimit_c);
  GPUSLICE_SENSOR(memory_max_tlimit_c);
  GPUSLICE_SENSOR(idle_tlimit_c);
  GPUSLICE_SENSOR(throttle_c);
  GPUSLICE_SENSOR(memory_throttle_c);
  GPUSLICE_SENSOR(idle_memory_c);
  GPUSLICE_SENSOR(pcie_generation);
  GPUSLICE_SENSOR(pcie_device_generation);
  GPUSLICE_SENSOR(pcie_width);
  GPUSLICE_SENSOR(pcie_idle_generation);
  GPUSLICE_SENSOR(row_remapper_banks);
  GPUSLICE_SENSOR(retired_pages);
  GPUSLICE_SENSOR(nvlink_version);
  GPUSLICE_SENSOR(nvlink_links);
  GPUSLICE_SENSOR(nvlink_mb_per_s);
  GPUSLICE_SENSOR(board_part_number);
  GPUSLICE_SENSOR(gpu_part_number);
  GPUSLICE_SENSOR(vbios);
  GPUSLICE_SENSOR(inforom_image);
  GPUSLICE_SENSOR(inforom_oem);
  GPUSLICE_SENSOR(inforom_ecc);
  GPUSLICE_SENSOR(inforom_power);
  GPUSLICE_SENSOR(memory_bus_bits);
  GPUSLICE_SENSOR(cuda_cores);
  GPUSLICE_SENSOR(idle_encoder_decoder);
  GPUSLICE_SENSOR(jpeg_ofa);
  GPUSLICE_SENSOR(display_output);
  GPUSLICE_SENSOR(c2c);
  GPUSLICE_SENSOR(addressing_mode);
  GPUSLICE_SENSOR(gsp_firmware);
  GPUSLICE_SENSOR(sparse_mode);
  GPUSLICE_SENSOR(peer_type);
  GPUSLICE_SENSOR(host_id);
#undef GPUSLICE_SENSOR
}

// The graphics clocks that are supported with one memory clock: how many, and which, highest first. Empty if a figure
// that they depend on is unknown. They are steps of a number of kHz down from the maximum, printed without the
// fraction: 1965, 1957, 1950 MHz.
struct GraphicsClocks {
  std::uint32_t highest_mhz{}, count{};
  std::uint32_t top_khz{}, step_khz{};

  [[nodiscard]] constexpr std::uint32_t operator[](std::uint32_t i) const { return (top_khz - i * step_khz) / 1000; }
};
[[nodiscard]] constexpr GraphicsClocks graphics_clocks(const Sensors& s, std::uint32_t memory_mhz) {
  if (!s.max_graphics_mhz.value || !s.min_graphics_mhz.value || !s.graphics_step_khz.value) return {};
  GraphicsClocks clocks;
  clocks.highest_mhz = *s.max_graphics_mhz.value;
  if (const auto& list = s.supported_memory_mhz.value; list && list->size() > 1 && *(list->end() - 1) == memory_mhz)
    clocks.highest_mhz = s.max_graphics_at_lowest_memory_mhz.value.value_or(clocks.highest_mhz);
  clocks.step_khz = *s.graphics_step_khz.value;
  // Computed upwards from the lowest clock, because the printed maximum has lost its fraction.
  const auto lowest_khz = *s.min_graphics_mhz.value * 1000;
  if (clocks.step_khz == 0 || clocks.highest_mhz * 1000 < lowest_khz) return {};
  clocks.count = (clocks.highest_mhz * 1000 + 999 - lowest_khz) / clocks.step_khz + 1;
  clocks.top_khz = lowest_khz + (clocks.count - 1) * clocks.step_khz;
  return clocks;
}

}  // namespace gpuslice::catalog
