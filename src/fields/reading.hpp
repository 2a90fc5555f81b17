// Every value of a GPU that the driver returns as one value. Each reading has a single name, whichever view shows it.
//
// The comments give the units; "text" is text as the driver returns it, "code" is an NVML enumeration, "flag" is 0 or
// 1. A comment on the last of several lines applies to all of them. nvml/read.hpp knows which NVML call returns a
// reading; fields/table.hpp knows how it is shown.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gpuslice::fields {

enum class Reading : std::uint16_t {
  // Identity
  name,                  // text
  brand,                 // code, NVML_BRAND_*
  architecture,          // code, NVML_DEVICE_ARCH_*
  compute_capability,    // text, "9.0"
  serial,                // text
  uuid,                  // text
  pdi,                   // number, per-device identifier
  minor_number,          // number
  vbios_version,         // text
  multi_gpu_board,       // flag
  board_id,              // number
  board_part_number,     // text
  gpu_part_number,       // text; private table
  fru_part_number,       // text; private table
  inforom_image,         // text
  inforom_oem,           // text
  inforom_ecc,           // text
  inforom_power,         // text
  inforom_checksum,      // number
  bbx_flush_time,        // microseconds since 1970
  bbx_flush_duration,    // microseconds
  gsp_firmware_version,  // text
  gsp_mode_current,      // flag
  gsp_mode_default,      // flag
  hostname,              // text
  // Platform: where the board is in a rack
  chassis_serial,
  slot_number,
  tray_index,
  host_id,
  peer_type,
  platform_module_id,
  gpu_fabric_guid,  // text, numbers, code, bits; Blackwell and later
  module_id,        // number; boards before Blackwell
  // Modes
  display_attached,        // flag
  display_active,          // flag
  persistence_mode,        // flag
  addressing_mode,         // code: 0 None, 1 HMM, 2 ATS
  mig_mode_current,        // flag
  mig_mode_pending,        // flag
  accounting_mode,         // flag
  accounting_buffer_size,  // processes
  driver_model_current,
  driver_model_pending,  // code: 0 WDDM, 1 TCC, 2 MCDM
  operation_mode_current,
  operation_mode_pending,   // code: 0 All On, 1 Compute, 2 Low Double Precision
  c2c_mode,                 // flag
  virtualization_mode,      // code: 0 None, 1 Pass-Through, 2 VGPU, 3 Host VGPU, 4 Host VSGA
  host_vgpu_mode,           // code: 0 Non SR-IOV, 1 SR-IOV
  vgpu_heterogeneous_mode,  // flag
  reset_required,
  drain_and_reset_recommended,  // flags; for drivers that do not have recovery_action
  recovery_action,              // code: 0 None, 1 Reset, 2 Reboot, 3 Drain P2P, 4 Drain and Reset
  compute_mode,                 // code, NVML_COMPUTEMODE_*
  sparse_operation_mode,        // flag; private table
  dram_encryption_current,
  dram_encryption_pending,  // flags
  ecc_mode_current,
  ecc_mode_pending,  // flags
  auto_boost,
  auto_boost_default,  // flags
  egm_capability,      // flag
  // vGPU capabilities of the driver and the device
  vgpu_heterogeneous_multi,
  vgpu_fractional_multi,
  vgpu_heterogeneous_profiles,
  vgpu_heterogeneous_sizes,
  vgpu_homogeneous_placements,
  vgpu_mig_timeslicing,
  vgpu_mig_timeslicing_mode,  // flags
  // PCI
  pci_domain,
  pci_bus,
  pci_device,
  pci_base_class,
  pci_sub_class,
  pci_device_id,
  pci_subsystem_id,  // numbers
  pci_bus_id,        // text
  pcie_generation_max,
  pcie_generation_current,
  pcie_generation_device_max,
  pcie_generation_host_max,  // numbers
  pcie_width_max,
  pcie_width_current,    // lanes
  bridge_chip_type,      // code: 0 PLX, 1 BR04
  bridge_chip_firmware,  // number
  pcie_replays,
  pcie_replay_rollovers,  // counts
  pcie_tx,
  pcie_rx,  // KB/s
  atomics_outbound,
  atomics_inbound,  // bits
  // Current state
  fan_speed,          // percent
  performance_state,  // P-state
  power_state,        // P-state, from nvmlDeviceGetPowerState
  event_reasons_supported,
  event_reasons_active,  // bits, nvmlClocksEventReason*
  reason_time_power_cap,
  reason_time_sync_boost,
  reason_time_sw_thermal,
  reason_time_hw_thermal,
  reason_time_power_brake,  // nanoseconds
  // Memory, in bytes.
  memory_total,
  memory_reserved,
  memory_used,
  memory_free,
  bar1_total,
  bar1_used,
  bar1_free,
  protected_total,
  protected_used,
  protected_free,
  // Utilisation, in percent.
  utilization_gpu,
  utilization_memory,
  utilization_encoder,
  utilization_decoder,
  utilization_jpeg,
  utilization_ofa,
  encoder_sessions,
  encoder_fps,
  encoder_latency,  // count, frames per second, microseconds
  fbc_sessions,
  fbc_fps,
  fbc_latency,
  // Memory errors, as counts; "volatile" since the driver was loaded, "aggregate" over the board's life.
  ecc_volatile_sram_corrected,
  ecc_volatile_sram_parity,
  ecc_volatile_sram_secded,
  ecc_volatile_dram_corrected,
  ecc_volatile_dram_uncorrected,
  ecc_aggregate_sram_corrected,
  ecc_aggregate_sram_parity,
  ecc_aggregate_sram_secded,
  ecc_aggregate_dram_corrected,
  ecc_aggregate_dram_uncorrected,
  ecc_sram_threshold_exceeded,  // flag
  ecc_sram_l2,
  ecc_sram_sm,
  ecc_sram_microcontroller,
  ecc_sram_pcie,
  ecc_sram_other,
  // By location, as for older boards and in --query-gpu; the last part of a name is an nvmlMemoryLocation_t.
  ecc_location_first,
  // 2 (corrected, uncorrected) x 2 (volatile, aggregate) x 8 locations: see ecc_location() below
  ecc_location_last = ecc_location_first + 31,
  ecc_total_corrected_volatile,
  ecc_total_corrected_aggregate,
  ecc_total_uncorrected_volatile,
  ecc_total_uncorrected_aggregate,
  channel_repair_pending,
  tpc_repair_pending,
  unrepairable_memory,  // flags
  retired_pages_single,
  retired_pages_double,   // counts
  retired_pages_pending,  // flag
  remapped_correctable,
  remapped_correctable_inactive,
  remapped_uncorrectable,
  remapped_uncorrectable_inactive,  // counts
  remapped_pending,
  remapped_failure,  // flags
  remap_histogram_max,
  remap_histogram_high,
  remap_histogram_partial,
  remap_histogram_low,
  remap_histogram_none,  // banks
  // Temperature, in degrees Celsius; a margin is the distance to the limit.
  temperature_gpu,
  temperature_gpu_older,  // the same, but by the call that dmon uses: a driver may refuse only one of the two
  temperature_margin,
  temperature_shutdown_margin,
  temperature_slowdown_margin,
  temperature_max_operating_margin,
  temperature_memory_max_margin,
  temperature_shutdown,
  temperature_slowdown,
  temperature_memory_max,
  temperature_max_operating,
  temperature_target,
  temperature_target_min,
  temperature_target_max,
  temperature_memory,
  // Power, in milliwatts
  power_draw,  // shown in the default view
  power_cap,   // shown in the default view: the limit in force
  power_average,
  power_instant,
  power_limit_enforced,
  power_limit_requested,
  power_limit_default,
  power_limit_min,
  power_limit_max,
  memory_power_average,
  memory_power_instant,
  module_power_average,
  module_power_instant,
  module_limit_enforced,
  module_limit_requested,
  module_limit_default,
  module_limit_min,
  module_limit_max,
  power_management,  // flag: whether the board has power management
  power_profiles_requested,
  power_profiles_enforced,  // bits of profiles 0 to 63
  power_smoothing_first,    // fields 251 to 288: see power_smoothing() below
  power_smoothing_last = power_smoothing_first + 37,
  // Clocks, in MHz
  clock_graphics,
  clock_sm,
  clock_memory,
  clock_video,
  application_clock_graphics,
  application_clock_memory,
  default_clock_graphics,
  default_clock_memory,
  deferred_clock_memory,  // kHz; private table
  max_clock_graphics,
  max_clock_sm,
  max_clock_memory,
  max_clock_video,
  customer_boost_graphics,
  // Fabric (NVLink registration)
  fabric_state,           // code: 1 Not Started, 2 In Progress, 3 Completed; others: not supported
  fabric_status,          // NVML return code
  fabric_clique,          // number
  fabric_cluster,         // text, a UUID
  fabric_health_mask,     // bits, NVML_GPU_FABRIC_HEALTH_MASK_*
  fabric_health_summary,  // code: 0 not supported, 1 healthy, 2 unhealthy, 3 limited capacity
  inforom_valid,          // flag: nvmlDeviceValidateInforom
  count,
  none = count,  // for rows without a reading
};

inline constexpr std::size_t reading_count = static_cast<std::size_t>(Reading::count);

// The count of memory errors at one location: `location` is an nvmlMemoryLocation_t, 0 (L1 cache) to 7 (SRAM).
[[nodiscard]] constexpr Reading ecc_location(bool uncorrected, bool aggregate, unsigned location) {
  const auto place = (uncorrected ? 16U : 0U) + (aggregate ? 8U : 0U) + location % 8U;
  return static_cast<Reading>(static_cast<unsigned>(Reading::ecc_location_first) + place);
}

// Fields 251 (power smoothing enabled) to 288 of nvmlDeviceGetFieldValues.
[[nodiscard]] constexpr Reading power_smoothing(unsigned field_id) {
  return static_cast<Reading>(static_cast<unsigned>(Reading::power_smoothing_first) + (field_id - 251U));
}

}  // namespace gpuslice::fields
