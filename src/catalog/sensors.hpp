// What `nvidia-smi -q` shows of one board beyond memory and power limit: clocks, thresholds, links, part numbers.
//
// As all figures: no value with a confidence = known not to be there (nvidia-smi prints N/A), unknown = nobody has seen
// it. The names are the keys of data files; the unit is their last part.
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

  // Clocks. Idle: as one idle board showed them in the performance state `idle_performance_state`.
  Number max_graphics_mhz{}, max_sm_mhz{}, max_memory_mhz{}, max_video_mhz{};
  Number idle_graphics_mhz{}, idle_sm_mhz{}, idle_memory_mhz{}, idle_video_mhz{};
  Number default_graphics_mhz{}, default_memory_mhz{};  // applications clocks
  Number max_customer_boost_mhz{};
  Number min_graphics_mhz{}, graphics_step_mhz{};  // supported graphics clocks: from the maximum down in steps
  Figure<MemoryClocks> supported_memory_mhz{};

  // Power; the default limit is BoardFacts::power_limit_w.
  Number min_power_limit_w{}, max_power_limit_w{};
  Number memory_power_w{};  // of the memory alone, idle
  Number module_power_w{};  // of the whole module (GPU and CPU), idle; the three limits likewise
  Number module_power_limit_w{}, min_module_power_limit_w{}, max_module_power_limit_w{};

  // Temperature: thresholds in degrees, or on newer boards as margins. nvidia-smi shows the ones or the others.
  Number shutdown_c{}, slowdown_c{}, max_operating_c{}, memory_max_operating_c{}, target_c{};
  Margin shutdown_tlimit_c{}, slowdown_tlimit_c{}, max_operating_tlimit_c{}, memory_max_tlimit_c{}, idle_tlimit_c{};
  Number idle_memory_c{};

  Number pcie_generation{}, pcie_width{}, pcie_idle_generation{};

  Number row_remapper_banks{};  // absent: the board retires pages instead
  Flag retired_pages{};         // whether it reports page retirement

  Text nvlink_version{};
  Number nvlink_links{}, nvlink_mb_per_s{};  // of one link, as `nvidia-smi nvlink -s` prints

  Text board_part_number{}, gpu_part_number{}, vbios{};
  Text inforom_image{}, inforom_oem{}, inforom_ecc{}, inforom_power{};

  Number memory_bus_bits{}, cuda_cores{};
  Flag idle_encoder_decoder{}, jpeg_ofa{};  // whether those utilisations answer
  Flag display_output{};                    // whether the board has connectors
  Flag c2c{};                               // the link to a CPU on the same module is on; absent: N/A
  Text addressing_mode{};                   // "ATS", "HMM", "None"
};

// Each figure with its key, in the order of their declaration: readers, writers and tests share this list.
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
  GPUSLICE_SENSOR(min_graphics_mhz);
  GPUSLICE_SENSOR(graphics_step_mhz);
  GPUSLICE_SENSOR(supported_memory_mhz);
  GPUSLICE_SENSOR(min_power_limit_w);
  GPUSLICE_SENSOR(max_power_limit_w);
  GPUSLICE_SENSOR(memory_power_w);
  GPUSLICE_SENSOR(module_power_w);
  GPUSLICE_SENSOR(module_power_limit_w);
  GPUSLICE_SENSOR(min_module_power_limit_w);
  GPUSLICE_SENSOR(max_module_power_limit_w);
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
  GPUSLICE_SENSOR(idle_memory_c);
  GPUSLICE_SENSOR(pcie_generation);
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
#undef GPUSLICE_SENSOR
}

}  // namespace gpuslice::catalog
