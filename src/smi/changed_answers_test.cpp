// Replays nearly 600 runs of the real nvidia-smi -q in which one answer of the driver was changed. The same change of a
// reading must change the same lines of our output.
#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "smi/testing/recorded_gpu.hpp"
#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

using enum fields::Reading;
using fields::ecc_location;
using fields::Reading;
using fields::Value;

// The driver functions, and where each reading is in their arguments and structs.
struct Member {
  const char* function;
  const char* place;  // "argument+offset"; "" if the recording only has refusals of the whole call
  Reading reading;
};
const Member members[] = {
    {"nvmlDeviceGetName", "", name},
    {"nvmlDeviceGetBrand", "1+0", brand},
    {"nvmlDeviceGetArchitecture", "1+0", architecture},
    {"nvmlDeviceGetDisplayMode", "1+0", display_attached},
    {"nvmlDeviceGetDisplayActive", "1+0", display_active},
    {"nvmlDeviceGetPersistenceMode", "1+0", persistence_mode},
    {"nvmlDeviceGetAddressingMode", "1+4", addressing_mode},
    {"nvmlDeviceGetMigMode", "1+0", mig_mode_current},
    {"nvmlDeviceGetMigMode", "2+0", mig_mode_pending},
    {"nvmlDeviceGetAccountingMode", "1+0", accounting_mode},
    {"nvmlDeviceGetAccountingBufferSize", "1+0", accounting_buffer_size},
    {"nvmlDeviceGetDriverModel_v2", "1+0", driver_model_current},
    {"nvmlDeviceGetDriverModel_v2", "2+0", driver_model_pending},
    {"nvmlDeviceGetSerial", "1+0", serial},
    {"nvmlDeviceGetUUID", "", uuid},
    {"nvmlDeviceGetPdi", "1+8", pdi},
    {"nvmlDeviceGetMinorNumber", "1+0", minor_number},
    {"nvmlDeviceGetVbiosVersion", "1+0", vbios_version},
    {"nvmlDeviceGetMultiGpuBoard", "1+0", multi_gpu_board},
    {"nvmlDeviceGetBoardId", "1+0", board_id},
    {"nvmlDeviceGetBoardPartNumber", "1+0", board_part_number},
    {"slot231", "1+0", gpu_part_number},
    {"slot237", "1+0", fru_part_number},
    {"slot230", "1+0", pcie_generation_host_max},
    {"slot232", "1+0", deferred_clock_memory},
    {"slot249", "1+0", sparse_operation_mode},
    {"nvmlDeviceGetModuleId", "1+0", module_id},
    {"nvmlDeviceGetInforomImageVersion", "1+0", inforom_image},
    {"nvmlDeviceGetInforomVersion", "", inforom_oem},
    {"nvmlDeviceGetInforomVersion", "", inforom_ecc},
    {"nvmlDeviceGetInforomVersion", "", inforom_power},
    {"nvmlDeviceGetInforomVersion@1=0", "2+0", inforom_oem},
    {"nvmlDeviceGetInforomVersion@1=1", "2+0", inforom_ecc},
    {"nvmlDeviceGetInforomVersion@1=2", "2+0", inforom_power},
    {"nvmlDeviceGetLastBBXFlushTime", "1+0", bbx_flush_time},
    {"nvmlDeviceGetLastBBXFlushTime", "2+0", bbx_flush_duration},
    {"nvmlDeviceGetGpuOperationMode", "1+0", operation_mode_current},
    {"nvmlDeviceGetGpuOperationMode", "2+0", operation_mode_pending},
    {"nvmlDeviceGetC2cModeInfoV", "1+0", c2c_mode},
    {"nvmlDeviceGetVirtualizationMode", "1+0", virtualization_mode},
    {"nvmlDeviceGetHostVgpuMode", "1+0", host_vgpu_mode},
    {"nvmlDeviceGetVgpuHeterogeneousMode", "1+4", vgpu_heterogeneous_mode},
    {"nvmlDeviceGetGspFirmwareVersion", "1+0", gsp_firmware_version},
    {"nvmlDeviceGetPciInfoExt", "", pci_domain},
    {"nvmlDeviceGetPciInfoExt", "", pci_bus},
    {"nvmlDeviceGetPciInfoExt", "", pci_device},
    {"nvmlDeviceGetPciInfoExt", "", pci_base_class},
    {"nvmlDeviceGetPciInfoExt", "", pci_sub_class},
    {"nvmlDeviceGetPciInfoExt", "", pci_device_id},
    {"nvmlDeviceGetPciInfoExt", "", pci_bus_id},
    {"nvmlDeviceGetPciInfoExt", "", pci_subsystem_id},
    {"nvmlDeviceGetMaxPcieLinkGeneration", "1+0", pcie_generation_max},
    {"nvmlDeviceGetCurrPcieLinkGeneration", "1+0", pcie_generation_current},
    {"nvmlDeviceGetGpuMaxPcieLinkGeneration", "1+0", pcie_generation_device_max},
    {"nvmlDeviceGetMaxPcieLinkWidth", "1+0", pcie_width_max},
    {"nvmlDeviceGetCurrPcieLinkWidth", "1+0", pcie_width_current},
    {"nvmlDeviceGetBridgeChipInfo", "1+4", bridge_chip_type},
    {"nvmlDeviceGetBridgeChipInfo", "1+8", bridge_chip_firmware},
    {"nvmlDeviceGetPcieReplayCounter", "1+0", pcie_replays},
    {"nvmlDeviceGetPcieThroughput", "2+0", pcie_tx},
    {"nvmlDeviceGetPcieThroughput", "2+0", pcie_rx},
    {"nvmlDeviceGetPcieThroughput@1=0", "2+0", pcie_tx},
    {"nvmlDeviceGetPcieThroughput@1=1", "2+0", pcie_rx},
    {"nvmlDeviceGetFanSpeed", "1+0", fan_speed},
    {"nvmlDeviceGetPerformanceState", "1+0", performance_state},
    {"nvmlDeviceGetSupportedClocksThrottleReasons", "1+0", event_reasons_supported},
    {"nvmlDeviceGetCurrentClocksThrottleReasons", "1+0", event_reasons_active},
    {"nvmlDeviceGetMemoryInfo_v2", "1+8", memory_total},
    {"nvmlDeviceGetMemoryInfo_v2", "1+16", memory_reserved},
    {"nvmlDeviceGetMemoryInfo_v2", "1+24", memory_free},
    {"nvmlDeviceGetMemoryInfo_v2", "1+32", memory_used},
    {"nvmlDeviceGetBAR1MemoryInfo", "1+0", bar1_total},
    {"nvmlDeviceGetBAR1MemoryInfo", "1+8", bar1_free},
    {"nvmlDeviceGetBAR1MemoryInfo", "1+16", bar1_used},
    {"nvmlDeviceGetConfComputeProtectedMemoryUsage", "1+0", protected_total},
    {"nvmlDeviceGetConfComputeProtectedMemoryUsage", "1+8", protected_free},
    {"nvmlDeviceGetConfComputeProtectedMemoryUsage", "1+16", protected_used},
    {"nvmlDeviceGetComputeMode", "1+0", compute_mode},
    {"nvmlDeviceGetUtilizationRates", "1+0", utilization_gpu},
    {"nvmlDeviceGetUtilizationRates", "1+4", utilization_memory},
    {"nvmlDeviceGetEncoderUtilization", "1+0", utilization_encoder},
    {"nvmlDeviceGetDecoderUtilization", "1+0", utilization_decoder},
    {"nvmlDeviceGetJpgUtilization", "1+0", utilization_jpeg},
    {"nvmlDeviceGetOfaUtilization", "1+0", utilization_ofa},
    {"nvmlDeviceGetEncoderStats", "1+0", encoder_sessions},
    {"nvmlDeviceGetEncoderStats", "2+0", encoder_fps},
    {"nvmlDeviceGetEncoderStats", "3+0", encoder_latency},
    {"nvmlDeviceGetFBCStats", "1+0", fbc_sessions},
    {"nvmlDeviceGetFBCStats", "1+4", fbc_fps},
    {"nvmlDeviceGetFBCStats", "1+8", fbc_latency},
    {"nvmlDeviceGetDramEncryptionMode", "1+4", dram_encryption_current},
    {"nvmlDeviceGetDramEncryptionMode", "2+4", dram_encryption_pending},
    {"nvmlDeviceGetEccMode", "1+0", ecc_mode_current},
    {"nvmlDeviceGetEccMode", "2+0", ecc_mode_pending},
    {"nvmlDeviceGetSramEccErrorStatus", "1+8", ecc_aggregate_sram_parity},
    {"nvmlDeviceGetSramEccErrorStatus", "1+16", ecc_aggregate_sram_secded},
    {"nvmlDeviceGetSramEccErrorStatus", "1+24", ecc_aggregate_sram_corrected},
    {"nvmlDeviceGetSramEccErrorStatus", "1+32", ecc_volatile_sram_parity},
    {"nvmlDeviceGetSramEccErrorStatus", "1+40", ecc_volatile_sram_secded},
    {"nvmlDeviceGetSramEccErrorStatus", "1+48", ecc_volatile_sram_corrected},
    {"nvmlDeviceGetSramEccErrorStatus", "1+56", ecc_sram_l2},
    {"nvmlDeviceGetSramEccErrorStatus", "1+64", ecc_sram_sm},
    {"nvmlDeviceGetSramEccErrorStatus", "1+72", ecc_sram_pcie},
    {"nvmlDeviceGetSramEccErrorStatus", "1+80", ecc_sram_microcontroller},
    {"nvmlDeviceGetSramEccErrorStatus", "1+88", ecc_sram_other},
    {"nvmlDeviceGetSramEccErrorStatus", "1+96", ecc_sram_threshold_exceeded},
    {"nvmlDeviceGetRepairStatus", "1+4", channel_repair_pending},
    {"nvmlDeviceGetRepairStatus", "1+8", tpc_repair_pending},
    {"nvmlDeviceGetUnrepairableMemoryFlag_v1", "1+0", unrepairable_memory},
    {"nvmlDeviceGetRetiredPagesPendingStatus", "1+0", retired_pages_pending},
    {"nvmlDeviceGetRemappedRows_v2", "1+0", remapped_correctable},
    {"nvmlDeviceGetRemappedRows_v2", "1+4", remapped_correctable_inactive},
    {"nvmlDeviceGetRemappedRows_v2", "1+8", remapped_uncorrectable},
    {"nvmlDeviceGetRemappedRows_v2", "1+12", remapped_uncorrectable_inactive},
    {"nvmlDeviceGetRemappedRows_v2", "1+16", remapped_pending},
    {"nvmlDeviceGetRemappedRows_v2", "1+20", remapped_failure},
    {"nvmlDeviceGetRowRemapperHistogram", "1+0", remap_histogram_max},
    {"nvmlDeviceGetRowRemapperHistogram", "1+4", remap_histogram_high},
    {"nvmlDeviceGetRowRemapperHistogram", "1+8", remap_histogram_partial},
    {"nvmlDeviceGetRowRemapperHistogram", "1+12", remap_histogram_low},
    {"nvmlDeviceGetRowRemapperHistogram", "1+16", remap_histogram_none},
    {"nvmlDeviceGetTemperatureV", "1+8", temperature_gpu},
    {"nvmlDeviceGetMarginTemperature", "1+4", temperature_margin},
    {"nvmlDeviceGetTemperatureThreshold@1=5", "2+0", temperature_target},
    {"nvmlDeviceWorkloadPowerProfileGetCurrentProfiles", "1+36", power_profiles_requested},
    {"nvmlDeviceWorkloadPowerProfileGetCurrentProfiles", "1+68", power_profiles_enforced},
    {"nvmlDeviceGetAutoBoostedClocksEnabled", "1+0", auto_boost},
    {"nvmlDeviceGetAutoBoostedClocksEnabled", "2+0", auto_boost_default},
    {"nvmlDeviceGetGpuFabricInfoV", "1+4", fabric_cluster},
    {"nvmlDeviceGetGpuFabricInfoV", "1+20", fabric_status},
    {"nvmlDeviceGetGpuFabricInfoV", "1+24", fabric_clique},
    {"nvmlDeviceGetGpuFabricInfoV", "1+28", fabric_state},
    {"nvmlDeviceGetGpuFabricInfoV", "1+32", fabric_health_mask},
    {"nvmlDeviceGetGpuFabricInfoV", "1+36", fabric_health_summary},
    {"nvmlDeviceGetCapabilities", "1+4", egm_capability},
    {"nvmlDeviceGetPowerUsage", "1+0", power_draw},
    {"nvmlDeviceGetEnforcedPowerLimit", "1+0", power_cap},
    {"nvmlDeviceGetTotalEccErrors", "3+0", ecc_total_uncorrected_volatile},
    {"field185", "", power_average},
    {"field185", "", memory_power_average},
    {"field185", "", module_power_average},
    {"field186", "", power_instant},
    {"field186", "", memory_power_instant},
    {"field186", "", module_power_instant},
    {"field187", "", power_limit_min},
    {"field187", "", module_limit_min},
    {"field188", "", power_limit_max},
    {"field188", "", module_limit_max},
    {"field189", "", power_limit_default},
    {"field189", "", module_limit_default},
    {"field190", "", power_limit_enforced},
    {"field190", "", module_limit_enforced},
    {"field192", "", power_limit_requested},
    {"field192", "", module_limit_requested},
    {"field193", "", temperature_shutdown_margin},
    {"field194", "", temperature_slowdown_margin},
    {"field195", "", temperature_memory_max_margin},
    {"field196", "", temperature_max_operating_margin},
    {"field228", "", atomics_outbound},
    {"field229", "", atomics_inbound},
    {"field230", "", recovery_action},
    {"field251", "", fields::power_smoothing(251)},
    {"field269", "", reason_time_sw_thermal},
    {"field270", "", reason_time_hw_thermal},
    {"field271", "", reason_time_power_brake},
    {"field74", "", reason_time_power_cap},
    {"field76", "", reason_time_sync_boost},
    {"field82", "", temperature_memory},
    {"field95", "", pcie_replay_rollovers},
};

bool is_words(Reading reading) {
  constexpr Reading words[] = {serial,        vbios_version, board_part_number, gpu_part_number, fru_part_number,
                               inforom_image, inforom_oem,   inforom_ecc,       inforom_power,   gsp_firmware_version};
  return std::ranges::find(words, reading) != std::end(words);
}

// Applies a change in the notation of the recording: "nvmlDeviceGetBrand:1+0/4=3", "field82:ret=4", "field82:val=7".
void change_answer(FakeNode& node, const std::string& change) {
  auto& gpu = node.gpus[0];
  const auto colon = change.rfind(':');
  const auto equals = change.rfind('=');
  const std::string function = change.substr(0, colon);
  const std::string what = change.substr(colon + 1, equals - colon - 1);
  const auto number = std::stoll(change.substr(equals + 1));
  const auto put = [&](Reading reading, std::uint64_t value) { gpu.readings.insert_or_assign(reading, Value(value)); };
  if (function == "nvmlDeviceGetRetiredPages") {
    if (what == "ret") {
      gpu.refuse_retired = static_cast<int>(number);
    } else {
      gpu.retired_corrected = gpu.retired_uncorrected = std::vector<node::RetiredPage>{};
    }
    return;
  }
  const auto place = what.substr(0, what.find('/'));
  bool found = false;
  for (const auto& member : members) {
    if (member.function != function) continue;
    found = true;
    if (what == "ret") {
      const auto code = static_cast<int>(number);
      gpu.readings.insert_or_assign(member.reading,
                                    std::unexpected(node::DriverError{code, node.identity().error_text(code)}));
    } else if (what == "val") {
      put(member.reading, static_cast<std::uint64_t>(number));
    } else if (!node.readings().read(GpuIndex{0}, member.reading) && function != "nvmlDeviceGetBridgeChipInfo") {
      put(member.reading, 0);  // the changed call succeeds, and members that it did not write are 0
    }
  }
  ASSERT_TRUE(found) << change;
  if (what == "ret" || what == "val") return;
  if (function == "nvmlDeviceGetBridgeChipInfo") {
    if (place == "1+0") put(bridge_chip_type, 0);
    if (place == "1+8" && number == 0) return;
  }
  for (const auto& member : members) {
    if (member.function != function) continue;
    const std::string_view own = member.place;
    const auto plus = own.find('+');
    if (plus == std::string_view::npos) continue;
    const auto upper_half =
        std::string(own.substr(0, plus + 1)) + std::to_string(std::stoi(std::string(own.substr(plus + 1))) + 4);
    if (own == place && is_words(member.reading)) {
      std::string words;
      for (auto rest = static_cast<std::uint64_t>(number); rest != 0; rest >>= 8)
        words += static_cast<char>(rest & 0xFF);
      gpu.readings.insert_or_assign(member.reading, Value(words));
    } else if (own == place && member.reading == fabric_cluster) {
      ASSERT_EQ(number, 72623859790382856) << "the only cluster number in the recording";
      gpu.readings.insert_or_assign(member.reading, Value(std::string("08070605-0403-0201-0000-000000000000")));
    } else if (own == place) {
      put(member.reading, static_cast<std::uint64_t>(number));
    } else if (upper_half == place && function == "nvmlDeviceGetSramEccErrorStatus" &&
               member.reading != ecc_sram_threshold_exceeded) {
      put(member.reading, static_cast<std::uint64_t>(number) << 32);
    }
  }
}

struct Case {
  std::string change;
  std::vector<std::string> lines;  // with their leading - and +
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.change; }

std::vector<Case> all_cases(const char* file) {
  std::ifstream in(std::string(GPUSLICE_SMI_RECORDED) + "/" + file);
  std::vector<Case> cases;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) {
      cases.push_back({line.substr(3), {}});
    } else if (!line.starts_with("#")) {
      cases.back().lines.push_back(line);
    }
  }
  return cases;
}

// The number of occurrences of each line, without lines that changed without our doing while the recording was made.
std::map<std::string, int> counted(const std::string& text) {
  std::map<std::string, int> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const bool idle =
        (line.starts_with("        Idle ") && !line.ends_with(": N/A")) ||
        (line.find("<clocks_event_reason_gpu_idle>") != std::string::npos && line.find("N/A") == std::string::npos);
    if (!idle && !line.starts_with("        Latest Timestamp ") && !line.empty()) ++lines[line];
  }
  return lines;
}
std::map<std::string, int> difference(const std::map<std::string, int>& to, const std::map<std::string, int>& from) {
  auto all = to;
  for (const auto& [line, count] : from) all[line] -= count;
  std::erase_if(all, [](const auto& entry) { return entry.second == 0; });
  return all;
}

// Checks that changed driver answers change the same output lines as in the recording, in the view that these arguments
// select.
void expect_same_changes(const Case& c, const std::vector<std::string>& words) {
  FakeNode node;
  node.gpus = {recorded_gpu()};
  const auto before = counted(run_smi(node, words).out);
  std::istringstream changes(c.change);
  for (std::string change; std::getline(changes, change, ';');) change_answer(node, change);
  std::map<std::string, int> recorded;
  for (const auto& line : c.lines) recorded[line.substr(1)] += line[0] == '+' ? 1 : -1;
  std::erase_if(recorded, [](const auto& entry) {
    return entry.second == 0 || (entry.first.starts_with("        Idle ") && !entry.first.ends_with(": N/A"));
  });
  EXPECT_EQ(difference(counted(run_smi(node, words).out), before), recorded);
}

class ChangedAnswer : public ::testing::TestWithParam<Case> {};
TEST_P(ChangedAnswer, ChangesTheSameLinesAsInNvidiaSmi) { expect_same_changes(GetParam(), {"-q"}); }

class ChangedXml : public ::testing::TestWithParam<Case> {};
TEST_P(ChangedXml, ChangesTheSameElementsAsInNvidiaSmi) { expect_same_changes(GetParam(), {"-q", "-x"}); }

class ChangedSummary : public ::testing::TestWithParam<Case> {};
TEST_P(ChangedSummary, ChangesTheSameLinesAsInNvidiaSmi) { expect_same_changes(GetParam(), {}); }

INSTANTIATE_TEST_SUITE_P(NvidiaSmi580, ChangedAnswer, ::testing::ValuesIn(all_cases("changed-answers.txt")));
INSTANTIATE_TEST_SUITE_P(NvidiaSmi580, ChangedXml, ::testing::ValuesIn(all_cases("changed-xml.txt")));
INSTANTIATE_TEST_SUITE_P(NvidiaSmi580, ChangedSummary, ::testing::ValuesIn(all_cases("changed-summary.txt")));

TEST(ChangedAnswers, AllCasesAreRead) {
  EXPECT_EQ(all_cases("changed-answers.txt").size(), 594U);
  EXPECT_EQ(all_cases("changed-xml.txt").size(), 78U);
  EXPECT_EQ(all_cases("changed-summary.txt").size(), 137U);
}

}  // namespace
}  // namespace gpuslice::smi::testing
