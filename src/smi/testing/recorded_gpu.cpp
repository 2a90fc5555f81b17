#include "smi/testing/recorded_gpu.hpp"

namespace gpuslice::smi::testing {

using fields::Reading;
using fields::Value;
using node::testing::FakeGpu;

namespace {

constexpr std::uint64_t mib = 1024ULL * 1024;

void put(FakeGpu& gpu, Reading reading, std::uint64_t number) { gpu.readings.insert_or_assign(reading, Value(number)); }
void put_signed(FakeGpu& gpu, Reading reading, std::int64_t number) {
  gpu.readings.insert_or_assign(reading, Value(number));
}
void put_words(FakeGpu& gpu, Reading reading, const char* words) {
  gpu.readings.insert_or_assign(reading, Value(std::string(words)));
}
void put_all(FakeGpu& gpu, std::uint64_t number, std::initializer_list<Reading> readings) {
  for (const auto reading : readings) put(gpu, reading, number);
}

}  // namespace

FakeGpu recorded_gpu() {
  using enum Reading;
  FakeGpu gpu;
  gpu.temperature_c = 34;
  gpu.power_mw = 122000;
  put(gpu, brand, 14);
  put(gpu, architecture, 9);
  put_words(gpu, compute_capability, "9.0");
  put(gpu, pdi, 0x123456789abcdef);
  put(gpu, board_id, 6);
  put_words(gpu, board_part_number, "692-2G520-0282-001");
  put_words(gpu, gpu_part_number, "2335-895-A1");
  put_words(gpu, inforom_image, "G520.0282.02.02");
  put_words(gpu, inforom_oem, "2.1");
  put_words(gpu, inforom_ecc, "7.16");
  put_words(gpu, gsp_firmware_version, "580.159.04");
  put(gpu, module_id, 2);
  put(gpu, accounting_buffer_size, 4000);
  put(gpu, virtualization_mode, 1);
  put(gpu, pci_base_class, 3);
  put(gpu, pci_sub_class, 2);
  put_all(gpu, 5, {pcie_generation_max, pcie_generation_current, pcie_generation_device_max});
  put_all(gpu, 16, {pcie_width_max, pcie_width_current});
  put(gpu, pcie_replays, 1);
  put_all(gpu, 800, {pcie_tx, pcie_rx});
  put(gpu, event_reasons_supported, 0x1FFF);
  put_all(gpu, 0,
          {accounting_mode,
           multi_gpu_board,
           c2c_mode,
           recovery_action,
           pcie_replay_rollovers,
           atomics_outbound,
           atomics_inbound,
           power_state,
           event_reasons_active,
           reason_time_power_cap,
           reason_time_sync_boost,
           reason_time_sw_thermal,
           reason_time_hw_thermal,
           reason_time_power_brake,
           sparse_operation_mode,
           protected_total,
           protected_used,
           protected_free,
           utilization_encoder,
           utilization_decoder,
           utilization_jpeg,
           utilization_ofa,
           encoder_sessions,
           encoder_fps,
           encoder_latency,
           fbc_sessions,
           fbc_fps,
           fbc_latency,
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
           ecc_sram_threshold_exceeded,
           ecc_sram_l2,
           ecc_sram_sm,
           ecc_sram_microcontroller,
           ecc_sram_pcie,
           ecc_sram_other,
           ecc_total_corrected_volatile,
           ecc_total_corrected_aggregate,
           ecc_total_uncorrected_aggregate,
           channel_repair_pending,
           tpc_repair_pending,
           unrepairable_memory,
           remapped_correctable,
           remapped_correctable_inactive,
           remapped_uncorrectable,
           remapped_uncorrectable_inactive,
           remapped_pending,
           remapped_failure,
           remap_histogram_high,
           remap_histogram_partial,
           remap_histogram_low,
           remap_histogram_none,
           deferred_clock_memory,
           fabric_state,
           egm_capability});
  // The platform reports this; it is shown only for Blackwell and later.
  put_words(gpu, chassis_serial, "");
  put_all(gpu, 0, {slot_number, tray_index, peer_type, gpu_fabric_guid});
  put(gpu, host_id, 1);
  put(gpu, platform_module_id, 2);
  // Errors by location are counted for device memory (2) and on-chip memory (7).
  for (const bool uncorrected : {false, true}) {
    for (const bool aggregate : {false, true}) {
      for (const unsigned place : {2U, 7U}) put(gpu, fields::ecc_location(uncorrected, aggregate, place), 0);
    }
  }
  put_all(gpu, 0, {fabric_status, fabric_clique, fabric_health_mask, fabric_health_summary});
  put_words(gpu, fabric_cluster, "00000000-0000-0000-0000-000000000000");
  put(gpu, remap_histogram_max, 3072);
  for (const auto reading : {bbx_flush_time, bbx_flush_duration})
    gpu.readings.insert_or_assign(
        reading, std::unexpected(node::DriverError{node::err_not_ready, "System is not in ready state"}));
  put_signed(gpu, temperature_margin, 53);
  put_signed(gpu, temperature_shutdown_margin, -8);
  put_signed(gpu, temperature_slowdown_margin, -2);
  put_signed(gpu, temperature_max_operating_margin, 0);
  put_signed(gpu, temperature_memory_max_margin, 0);
  put(gpu, temperature_memory, 31);
  put(gpu, temperature_shutdown, 95);
  put(gpu, temperature_slowdown, 89);
  put(gpu, temperature_max_operating, 87);
  put(gpu, temperature_memory_max, 95);
  put_all(gpu, 123456, {power_average, memory_power_average, module_power_average});
  put_all(gpu, 124456, {power_instant, memory_power_instant, module_power_instant});
  put_all(gpu, 700000, {power_limit_enforced, power_limit_requested, power_limit_default, power_limit_max});
  put(gpu, power_limit_min, 200000);
  put_all(gpu, 1980,
          {clock_graphics, clock_sm, application_clock_graphics, default_clock_graphics, max_clock_graphics,
           max_clock_sm, customer_boost_graphics});
  put_all(gpu, 3201, {clock_memory, application_clock_memory, default_clock_memory, max_clock_memory});
  put_all(gpu, 1545, {clock_video, max_clock_video});
  put(gpu, bar1_total, 262144 * mib);
  put(gpu, bar1_used, 1703936);
  // The recording was made without the driver's answers about graphics clocks.
  gpu.clocks = {{3201, {}}, {2201, {}}};
  gpu.refuse_graphics_clocks = node::err_not_supported;
  return gpu;
}

FakeGpu idle_gpu() {
  using enum Reading;
  auto gpu = recorded_gpu();
  gpu.temperature_c = 30;
  put_signed(gpu, temperature_margin, 57);
  put(gpu, temperature_memory, 32);
  put(gpu, event_reasons_active, 1);
  put(gpu, power_average, 79540);
  put(gpu, power_instant, 76690);
  put(gpu, memory_power_average, 42830);
  for (const auto reading : {memory_power_instant, module_power_average, module_power_instant})
    gpu.readings.erase(reading);
  put_all(gpu, 345, {clock_graphics, clock_sm});
  put(gpu, clock_video, 765);
  gpu.refuse_graphics_clocks = 0;
  for (auto& [memory_clock, clocks] : gpu.clocks)
    for (std::uint32_t mhz = 1980; mhz >= 345; mhz -= 15) clocks.push_back(mhz);
  // Samples that have the recorded duration, count, extremes and mean; the individual samples were not recorded.
  std::vector<node::Sample> power{{0, 81400}, {20'000, 76360}};
  while (power.size() < 119) power.push_back({power.size() * 20'000, 79795});
  gpu.samples[node::SampleKind::power] = power;
  std::vector<node::Sample> use;
  while (use.size() < 71) use.push_back({use.size() * 200'000, 0});
  using Kind = node::SampleKind;
  for (const auto kind : {Kind::gpu, Kind::memory, Kind::encoder, Kind::decoder, Kind::jpeg, Kind::ofa})
    gpu.samples[kind] = use;
  return gpu;
}

}  // namespace gpuslice::smi::testing
