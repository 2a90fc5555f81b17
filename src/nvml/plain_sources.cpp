// Calls that return one number, two numbers or a text, and the field values.
#include <array>

#include "nvml/sources.hpp"

namespace gpuslice::nvml {
namespace {

using enum fields::Reading;
using fields::ecc_location;
using fields::power_smoothing;

constexpr NumberCall numbers[] = {
    {brand, "nvmlDeviceGetBrand"},
    {architecture, "nvmlDeviceGetArchitecture"},
    {minor_number, "nvmlDeviceGetMinorNumber"},
    {multi_gpu_board, "nvmlDeviceGetMultiGpuBoard"},
    {board_id, "nvmlDeviceGetBoardId"},
    {module_id, "nvmlDeviceGetModuleId"},
    {inforom_checksum, "nvmlDeviceGetInforomConfigurationChecksum"},
    {display_attached, "nvmlDeviceGetDisplayMode"},
    {display_active, "nvmlDeviceGetDisplayActive"},
    {persistence_mode, "nvmlDeviceGetPersistenceMode"},
    {accounting_mode, "nvmlDeviceGetAccountingMode"},
    {accounting_buffer_size, "nvmlDeviceGetAccountingBufferSize"},
    {virtualization_mode, "nvmlDeviceGetVirtualizationMode"},
    {host_vgpu_mode, "nvmlDeviceGetHostVgpuMode"},
    {compute_mode, "nvmlDeviceGetComputeMode"},
    {pcie_generation_max, "nvmlDeviceGetMaxPcieLinkGeneration"},
    {pcie_generation_current, "nvmlDeviceGetCurrPcieLinkGeneration"},
    {pcie_generation_device_max, "nvmlDeviceGetGpuMaxPcieLinkGeneration"},
    {pcie_width_max, "nvmlDeviceGetMaxPcieLinkWidth"},
    {pcie_width_current, "nvmlDeviceGetCurrPcieLinkWidth"},
    {pcie_replays, "nvmlDeviceGetPcieReplayCounter"},
    {fan_speed, "nvmlDeviceGetFanSpeed"},
    {performance_state, "nvmlDeviceGetPerformanceState"},
    {power_state, "nvmlDeviceGetPowerState"},
    {power_draw, "nvmlDeviceGetPowerUsage"},
    {power_cap, "nvmlDeviceGetEnforcedPowerLimit"},
    {power_management, "nvmlDeviceGetPowerManagementMode"},
    {retired_pages_pending, "nvmlDeviceGetRetiredPagesPendingStatus"},
};

constexpr TextCall texts[] = {
    {name, "nvmlDeviceGetName"},
    {serial, "nvmlDeviceGetSerial"},
    {uuid, "nvmlDeviceGetUUID"},
    {vbios_version, "nvmlDeviceGetVbiosVersion"},
    {board_part_number, "nvmlDeviceGetBoardPartNumber"},
    {inforom_image, "nvmlDeviceGetInforomImageVersion"},
};

constexpr PairCall pairs[] = {
    {mig_mode_current, mig_mode_pending, "nvmlDeviceGetMigMode"},
    {driver_model_current, driver_model_pending, "nvmlDeviceGetDriverModel_v2", "nvmlDeviceGetDriverModel"},
    {operation_mode_current, operation_mode_pending, "nvmlDeviceGetGpuOperationMode"},
    {gsp_mode_current, gsp_mode_default, "nvmlDeviceGetGspFirmwareMode"},
    {ecc_mode_current, ecc_mode_pending, "nvmlDeviceGetEccMode"},
    {auto_boost, auto_boost_default, "nvmlDeviceGetAutoBoostedClocksEnabled"},
    // The second number is the length of the sampling period.
    {utilization_encoder, none, "nvmlDeviceGetEncoderUtilization"},
    {utilization_decoder, none, "nvmlDeviceGetDecoderUtilization"},
    {utilization_jpeg, none, "nvmlDeviceGetJpgUtilization"},
    {utilization_ofa, none, "nvmlDeviceGetOfaUtilization"},
};

constexpr EnumCall enums[] = {
    // nvmlPcieUtilCounter_t
    {pcie_tx, "nvmlDeviceGetPcieThroughput", 0},
    {pcie_rx, "nvmlDeviceGetPcieThroughput", 1},
    // nvmlTemperatureThresholds_t
    {temperature_shutdown, "nvmlDeviceGetTemperatureThreshold", 0},
    {temperature_slowdown, "nvmlDeviceGetTemperatureThreshold", 1},
    {temperature_memory_max, "nvmlDeviceGetTemperatureThreshold", 2},
    {temperature_max_operating, "nvmlDeviceGetTemperatureThreshold", 3},
    {temperature_target_min, "nvmlDeviceGetTemperatureThreshold", 4},
    {temperature_target_max, "nvmlDeviceGetTemperatureThreshold", 6},
    // nvmlClockType_t
    {clock_graphics, "nvmlDeviceGetClockInfo", 0},
    {clock_sm, "nvmlDeviceGetClockInfo", 1},
    {clock_memory, "nvmlDeviceGetClockInfo", 2},
    {clock_video, "nvmlDeviceGetClockInfo", 3},
    {application_clock_graphics, "nvmlDeviceGetApplicationsClock", 0},
    {application_clock_memory, "nvmlDeviceGetApplicationsClock", 2},
    {default_clock_graphics, "nvmlDeviceGetDefaultApplicationsClock", 0},
    {default_clock_memory, "nvmlDeviceGetDefaultApplicationsClock", 2},
    {max_clock_graphics, "nvmlDeviceGetMaxClockInfo", 0},
    {max_clock_sm, "nvmlDeviceGetMaxClockInfo", 1},
    {max_clock_memory, "nvmlDeviceGetMaxClockInfo", 2},
    {max_clock_video, "nvmlDeviceGetMaxClockInfo", 3},
    // nvmlDeviceVgpuCapability_t
    {vgpu_fractional_multi, "nvmlDeviceGetVgpuCapabilities", 0},
    {vgpu_heterogeneous_profiles, "nvmlDeviceGetVgpuCapabilities", 1},
    {vgpu_heterogeneous_sizes, "nvmlDeviceGetVgpuCapabilities", 2},
    {vgpu_homogeneous_placements, "nvmlDeviceGetVgpuCapabilities", 9},
    {vgpu_mig_timeslicing, "nvmlDeviceGetVgpuCapabilities", 10},
    {vgpu_mig_timeslicing_mode, "nvmlDeviceGetVgpuCapabilities", 11},
};

// Scopes of power fields: the GPU (0), the module that carries it, its memory.
constexpr unsigned of_module = 1, of_memory = 2;
// The scope with which nvidia-smi 580 reads the power smoothing fields.
constexpr unsigned smoothing_scope = 5;
constexpr FieldCall plain_fields[] = {
    {reset_required, 226},
    {drain_and_reset_recommended, 227},
    {recovery_action, 230},
    {pcie_replay_rollovers, 95},
    {atomics_outbound, 228},
    {atomics_inbound, 229},
    {reason_time_power_cap, 74},
    {reason_time_sync_boost, 76},
    {reason_time_sw_thermal, 269},
    {reason_time_hw_thermal, 270},
    {reason_time_power_brake, 271},
    {temperature_shutdown_margin, 193},
    {temperature_slowdown_margin, 194},
    {temperature_memory_max_margin, 195},
    {temperature_max_operating_margin, 196},
    {temperature_memory, 82},
    {power_average, 185},
    {power_instant, 186},
    {power_limit_min, 187},
    {power_limit_max, 188},
    {power_limit_default, 189},
    {power_limit_enforced, 190},
    {power_limit_requested, 192},
    {memory_power_average, 185, of_memory},
    {memory_power_instant, 186, of_memory},
    {module_power_average, 185, of_module},
    {module_power_instant, 186, of_module},
    {module_limit_min, 187, of_module},
    {module_limit_max, 188, of_module},
    {module_limit_default, 189, of_module},
    {module_limit_enforced, 190, of_module},
    {module_limit_requested, 192, of_module},
};
constexpr unsigned first_smoothing = 251, last_smoothing = 288;
// The fields between these are not about power smoothing.
constexpr bool is_smoothing(unsigned id) { return id <= 268 || id >= 275; }

constexpr std::size_t count_smoothing() {
  std::size_t count = 0;
  for (unsigned id = first_smoothing; id <= last_smoothing; ++id) count += is_smoothing(id) ? 1U : 0U;
  return count;
}
constexpr auto all_fields = [] {
  std::array<FieldCall, std::size(plain_fields) + count_smoothing()> all{};
  std::size_t at = 0;
  for (const auto& field : plain_fields) all[at++] = field;
  for (unsigned id = first_smoothing; id <= last_smoothing; ++id)
    if (is_smoothing(id)) all[at++] = {power_smoothing(id), id, smoothing_scope};
  return all;
}();

}  // namespace

std::span<const NumberCall> number_calls() { return numbers; }
std::span<const TextCall> text_calls() { return texts; }
std::span<const PairCall> pair_calls() { return pairs; }
std::span<const EnumCall> enum_calls() { return enums; }
std::span<const FieldCall> field_calls() { return all_fields; }

}  // namespace gpuslice::nvml
