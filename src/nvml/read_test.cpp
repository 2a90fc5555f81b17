// The calls behind readings: one call per structure, one for all field values, and each member of a structure in its
// own reading.
#include <gtest/gtest.h>

#include "fields/table.hpp"
#include "nvml/read.hpp"
#include "nvml/testing/fake_driver.hpp"

namespace gpuslice::nvml::testing {
namespace {

using enum fields::Reading;
using fields::Reading;

constexpr GpuIndex gpu{0};

std::vector<std::uint64_t> numbers(node::Node& node, const std::vector<Reading>& readings) {
  std::vector<std::uint64_t> all;
  for (const auto& answer : node.readings().read(gpu, readings)) {
    EXPECT_TRUE(answer) << "reading " << all.size();
    all.push_back(answer ? answer->number() : 0);
  }
  return all;
}

TEST(Readings, OfAStructureCostOneCallAndAreDistinct) {
  const FakeDriver driver;
  const auto node = driver.open();
  EXPECT_EQ(numbers(*node, {ecc_aggregate_sram_parity, ecc_aggregate_sram_secded, ecc_aggregate_sram_corrected,
                            ecc_volatile_sram_parity, ecc_volatile_sram_secded, ecc_volatile_sram_corrected,
                            ecc_sram_l2, ecc_sram_sm, ecc_sram_pcie, ecc_sram_microcontroller, ecc_sram_other,
                            ecc_sram_threshold_exceeded}),
            (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(driver->calls["sram"], 1);
  EXPECT_EQ(
      numbers(*node, {pci_domain, pci_bus, pci_device, pci_device_id, pci_subsystem_id, pci_base_class, pci_sub_class}),
      (std::vector<std::uint64_t>{1, 2, 3, 0x233510DE, 0x18BF10DE, 3, 2}));
  EXPECT_EQ(driver->calls["pci"], 1);
  EXPECT_EQ(node->readings().read(gpu, pci_bus_id)->words(), "00000001:02:03.0");
  EXPECT_EQ(numbers(*node, {ecc_mode_current, ecc_mode_pending}), (std::vector<std::uint64_t>{1, 0}));
  EXPECT_EQ(driver->calls["ecc"], 1);
}

TEST(Readings, OfFieldValuesCostOneCallAndHaveTheirTypes) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto answers = node->readings().read(
      gpu, std::vector<Reading>{power_average, memory_power_average, module_power_average, temperature_shutdown_margin,
                                reason_time_power_cap, temperature_memory, fields::power_smoothing(251)});
  EXPECT_EQ(answers[0]->number(), 185000U);
  EXPECT_EQ(answers[1]->number(), 185002U);
  EXPECT_EQ(answers[2]->number(), 185001U);
  EXPECT_EQ(answers[3]->with_sign(), -8);
  EXPECT_EQ(answers[4]->number(), 5'000'000'000U);
  ASSERT_FALSE(answers[5]);
  EXPECT_EQ(answers[5].error().code, node::err_not_supported);
  EXPECT_EQ(answers[5].error().text, "driver text for 3");
  EXPECT_EQ(driver->calls["fields"], 1);
  EXPECT_EQ(driver->fields, (std::vector<std::pair<unsigned, unsigned>>{
                                {185, 0}, {185, 2}, {185, 1}, {193, 0}, {74, 0}, {82, 0}, {251, 5}}));
}

TEST(Readings, PassAnEnumerationOrIgnoreTheSamplingPeriod) {
  const FakeDriver driver;
  const auto node = driver.open();
  EXPECT_EQ(numbers(*node, {clock_graphics, clock_sm, clock_memory, clock_video, utilization_encoder}),
            (std::vector<std::uint64_t>{100, 101, 102, 103, 42}));
}

TEST(Readings, OfThePrivateTableExistIfTheLibraryHasIt) {
  const FakeDriver driver;
  const auto node = driver.open();
  EXPECT_EQ(node->readings().read(gpu, pcie_generation_host_max).error().code, node::err_not_supported);
  driver->private_table = true;
  EXPECT_EQ(node->readings().read(gpu, pcie_generation_host_max)->number(), 4U);
  EXPECT_EQ(node->readings().read(gpu, gpu_part_number)->words(), "2335-895-A1");
  EXPECT_EQ(node->readings().read(gpu, fru_part_number).error().code, node::err_not_supported)
      << "an empty text means none";
  EXPECT_EQ(node->readings().read(gpu, sparse_operation_mode).error().code, node::err_not_supported) << "an empty slot";
  EXPECT_EQ(node->identity().address(GpuIndex{1}), "0000:00:07.0");
}

TEST(Readings, OfFunctionsThatTheLibraryLacksAreNotSupported) {
  const FakeDriver driver(FakeDriver::Age::old);
  const auto node = driver.open();
  for (const auto reading : {fan_speed, power_average, pci_bus_id, ecc_sram_l2, fabric_state, mig_mode_current})
    EXPECT_EQ(node->readings().read(gpu, reading).error().code, node::err_not_supported);
  EXPECT_EQ(node->readings().read(gpu, temperature_gpu)->number(), 40U);
  EXPECT_EQ(node->readings().read(gpu, temperature_gpu_older)->number(), 40U);
  EXPECT_EQ(node->readings().read(gpu, memory_used)->number(), 40U);
  EXPECT_EQ(node->readings().read(gpu, memory_reserved).error().code, node::err_not_supported);
}

TEST(Readings, AreRefusedWithTheDriversText) {
  const FakeDriver driver;
  const auto node = driver.open();
  driver->error = node::err_gpu_is_lost;
  for (const auto reading : {ecc_sram_l2, clock_sm, power_average, ecc_mode_pending}) {
    const auto answer = node->readings().read(gpu, reading);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().text, "driver text for 15");
  }
}

TEST(Readings, OfEveryRowHaveACall) {
  for (const auto& row : fields::rows()) {
    for (const auto reading : {row.reading, row.other, row.gate, row.second_gate}) {
      if (reading == none) continue;
      EXPECT_TRUE(has_source(reading)) << row.label << row.tag << row.query.name;
    }
  }
}

TEST(Lists, AreReadCompletelyWhateverTheirLength) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto samples = node->readings().samples(gpu, node::SampleKind::ofa);
  ASSERT_TRUE(samples);
  EXPECT_EQ(samples->size(), 300U);
  EXPECT_EQ(samples->back().microseconds, 299U);
  EXPECT_EQ(samples->back().value, 9U);
  EXPECT_EQ(node->readings().samples(gpu, node::SampleKind::sm_clock).error().code, node::err_not_found);
  EXPECT_EQ(node->readings().memory_clocks(gpu), (std::vector<std::uint32_t>{3201, 2201}));
  EXPECT_EQ(node->readings().graphics_clocks(gpu, 3201).error().code, node::err_not_supported);
}

TEST(Lists, OfRetiredPagesAndAccountedProcessesAreRead) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto pages = node->readings().retired_pages(gpu, true);
  ASSERT_TRUE(pages);
  ASSERT_EQ(pages->size(), 2U);
  EXPECT_EQ((*pages)[1].address, 0x2000U);
  EXPECT_FALSE((*pages)[1].seconds) << "this driver reports no times";
  EXPECT_EQ(node->readings().read(gpu, retired_pages_double)->number(), 2U);
  const auto processes = node->processes().accounted_processes(gpu);
  ASSERT_TRUE(processes);
  ASSERT_EQ(processes->size(), 1U) << "process 8 was removed from the list meanwhile";
  EXPECT_EQ((*processes)[0].pid, 7U);
  EXPECT_EQ((*processes)[0].gpu_percent, 50U);
  EXPECT_FALSE((*processes)[0].memory_percent);
  EXPECT_TRUE((*processes)[0].running);
}

}  // namespace
}  // namespace gpuslice::nvml::testing
