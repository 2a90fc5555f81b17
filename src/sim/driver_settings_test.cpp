// Settings of a GPU and the usage counted while they apply, with a clock that the test controls.
#include <gtest/gtest.h>

#include "sim/testing/temp_node.hpp"
#include "sim/usage.hpp"

namespace gpuslice::sim {
namespace {

using testing::HeldClient;
using testing::TempNode;

std::uint64_t test_now = 0;
std::uint64_t test_clock() { return test_now; }
constexpr std::uint64_t second = 1'000'000;

class Settings : public ::testing::Test {
 protected:
  Settings() {
    test_now = 1000 * second;
    auto& gpu = node.config.gpus[0];
    gpu.ecc_supported = 1;
    node.start.gpus[0].ecc = node.start.gpus[0].ecc_pending = 1;
    for (auto& one : node.start.gpus) one.usage.until_us = test_now;
    node.make();
    auto opened = Driver::open(node.dir.path(), node.dir.path(), test_clock);
    driver = std::move(*opened);
  }
  static Client client(std::uint32_t sm) {
    Client one;
    one.kinds = 1;
    one.pid = 4711;
    one.memory_bytes = 5 * mib;
    one.started_us = test_now;
    one.load.sm = sm;
    return one;
  }
  [[nodiscard]] std::uint64_t joules() const { return driver->usage(0).energy_uj / 1'000'000; }
  static Denial::Kind why(const OrDenial<void>& outcome) {
    return outcome ? Denial::Kind::system : outcome.error().kind;
  }

  TempNode node{{{"h200"}, {"a30"}}};
  std::unique_ptr<Driver> driver;
};

TEST_F(Settings, ThePowerLimitStaysInTheRange) {
  EXPECT_EQ(why(driver->set_power_limit(0, 199999)), Denial::Kind::invalid);
  EXPECT_EQ(why(driver->set_power_limit(0, 700001)), Denial::Kind::invalid);
  ASSERT_TRUE(driver->set_power_limit(0, 300000));
  EXPECT_EQ(driver->gpu(0).settings.power_limit_mw, 300000U);
  EXPECT_EQ(why(driver->set_power_limit(1, 300000)), Denial::Kind::not_supported);  // its range is unknown
}

TEST_F(Settings, ClocksAreLockedWithinTheBoardsRange) {
  ASSERT_TRUE(driver->lock_graphics_clocks(0, 100, 5000));
  EXPECT_EQ(driver->gpu(0).settings.locked_graphics_min_mhz, 345U);
  EXPECT_EQ(driver->gpu(0).settings.locked_graphics_max_mhz, 1980U);
  EXPECT_EQ(why(driver->lock_graphics_clocks(0, 900, 800)), Denial::Kind::invalid);
  ASSERT_TRUE(driver->unlock_graphics_clocks(0));
  EXPECT_EQ(driver->gpu(0).settings, GpuSettings{});
}

TEST_F(Settings, ApplicationClocksMustBeSupported) {
  EXPECT_EQ(why(driver->set_application_clocks(0, 3201, 1981)), Denial::Kind::invalid);
  EXPECT_EQ(why(driver->set_application_clocks(0, 1000, 1980)), Denial::Kind::invalid);
  ASSERT_TRUE(driver->set_application_clocks(0, 2201, 345));
  ASSERT_TRUE(driver->reset_application_clocks(0));
  EXPECT_EQ(driver->gpu(0).settings, GpuSettings{});
}

TEST_F(Settings, NeedPermissionToConfigure) {
  node.take(cap_minor_config);
  EXPECT_EQ(why(driver->set_power_limit(0, 300000)), Denial::Kind::permission);
  EXPECT_EQ(why(driver->set_ecc(0, false)), Denial::Kind::permission);
  EXPECT_EQ(why(driver->set_accounting(0, true)), Denial::Kind::permission);
  EXPECT_EQ(why(driver->unlock_memory_clocks(0)), Denial::Kind::permission);
}

TEST_F(Settings, EccChangesAtTheNextReset) {
  ASSERT_TRUE(driver->set_ecc(0, false));
  EXPECT_EQ(driver->gpu(0).ecc, 1U);
  ASSERT_TRUE(driver->set_power_limit(0, 300000));
  ASSERT_TRUE(driver->reset(0));
  EXPECT_EQ(driver->gpu(0).ecc, 0U);
  EXPECT_EQ(driver->gpu(0).settings, GpuSettings{});
}

TEST_F(Settings, MemoryErrorsAreCountedAndCleared) {
  ASSERT_TRUE(driver->raise({.type = EventType::double_bit_ecc}));
  ASSERT_TRUE(driver->raise({.type = EventType::single_bit_ecc}, true));
  auto errors = driver->gpu(0).memory_errors;
  EXPECT_EQ(errors.recent.dram_uncorrected, 1U);
  EXPECT_EQ(errors.recent.sram_corrected, 1U);
  EXPECT_EQ(errors.remaps_pending, 1U);
  ASSERT_TRUE(driver->clear_ecc(0, false));
  EXPECT_EQ(driver->gpu(0).memory_errors.recent, ErrorCounts{});
  ASSERT_TRUE(driver->reset(0));
  errors = driver->gpu(0).memory_errors;
  EXPECT_EQ(errors.remaps_pending, 0U);
  EXPECT_EQ(errors.remapped_uncorrected, 1U);
  EXPECT_EQ(errors.ever.dram_uncorrected, 1U);
}

TEST_F(Settings, EnergyFollowsTheLoadAndNeverFalls) {
  test_now += 10 * second;
  EXPECT_EQ(joules(), 1220U);
  HeldClient busy(*driver, client(100));  // 343 W
  test_now += 10 * second;
  EXPECT_EQ(joules(), 1220U + 3430U);
  busy.leave();
  EXPECT_EQ(joules(), 1220U + 3430U);  // this call detects that the client has ended
  test_now += 10 * second;
  EXPECT_EQ(joules(), 1220U + 3430U + 1220U);
  EXPECT_EQ(driver->usage(0).idle_us, 20 * second);
}

TEST_F(Settings, APowerLimitTakesEffectWhenItIsSet) {
  HeldClient busy(*driver, client(100));
  test_now += 10 * second;
  ASSERT_TRUE(driver->set_power_limit(0, 200000));
  test_now += 5 * second;
  EXPECT_EQ(joules(), 3430U + 1000U);
  EXPECT_EQ(driver->usage(0).power_capped_us, 5 * second);
}

TEST_F(Settings, ProcessesGetAnAccountingRecordWhenTheyEnd) {
  ASSERT_TRUE(driver->set_accounting(0, true));
  HeldClient busy(*driver, client(60));
  test_now += 3 * second;
  EXPECT_TRUE(driver->accounted(0).empty());
  busy.leave();
  const auto ended = driver->accounted(0);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].pid, 4711U);
  EXPECT_EQ(ended[0].ended_us - ended[0].started_us, 3 * second);
  EXPECT_EQ(ended[0].load.sm, 60U);
  EXPECT_EQ(ended[0].memory_bytes, 5 * mib);
  ASSERT_TRUE(driver->clear_accounted(0));
  EXPECT_TRUE(driver->accounted(0).empty());
}

TEST_F(Settings, WithoutAccountingThereAreNoRecords) {
  HeldClient busy(*driver, client(60));
  busy.leave();
  EXPECT_TRUE(driver->accounted(0).empty());
}

TEST_F(Settings, ARebootResetsSettingsAndUsage) {
  ASSERT_TRUE(driver->set_accounting(0, true));
  ASSERT_TRUE(driver->set_power_limit(0, 200000));
  test_now += 10 * second;
  ASSERT_TRUE(driver->reboot());
  EXPECT_EQ(joules(), 0U);
  EXPECT_EQ(driver->gpu(0).accounting, 0U);
  EXPECT_EQ(driver->gpu(0).settings, GpuSettings{});
}

}  // namespace
}  // namespace gpuslice::sim
