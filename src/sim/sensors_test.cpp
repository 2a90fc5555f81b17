#include "sim/sensors.hpp"

#include <gtest/gtest.h>

#include "catalog/product.hpp"
#include "sim/testing/temp_node.hpp"

namespace gpuslice::sim {
namespace {

// An H200 with the catalogue's figures: 122 W and 34 C idle, a limit of 700 W.
class Sensors : public ::testing::Test {
 protected:
  Sensors() : product_(**catalog::find("h200")), config_(testing::gpu_config("h200", "580.159.04", {}, 0)) {}
  [[nodiscard]] Readings at(const Load& load) const { return readings(product_.sensors, config_, settings_, load); }
  [[nodiscard]] std::uint32_t watts(std::uint32_t sm, std::uint32_t memory = 0) const {
    return at({.sm = sm, .memory = memory}).power_mw.value / 1000;
  }

  const catalog::Product& product_;
  GpuConfig config_;
  GpuSettings settings_;
};

TEST_F(Sensors, AnIdleBoardShowsTheCataloguesFigures) {
  const auto now = at({});
  EXPECT_EQ(now.power_mw.value, 122000U);
  EXPECT_EQ(now.graphics_mhz.value, 1980U);
  EXPECT_EQ(now.memory_mhz.value, 3201U);
  EXPECT_EQ(now.temperature_c.value, 34U);
  EXPECT_EQ(now.memory_temperature_c.value, 29U);
  EXPECT_EQ(now.margin_c, 53);
  EXPECT_EQ(now.event_reasons, 0U);  // as measured: its clocks stay at their maximum
}

TEST_F(Sensors, PowerIsAsMeasured) {
  EXPECT_NEAR(watts(25), 178, 2);
  EXPECT_NEAR(watts(50), 232, 2);
  EXPECT_NEAR(watts(75), 286, 2);
  EXPECT_EQ(watts(100), 343U);
  EXPECT_EQ(watts(100, 100), 371U);
}

TEST_F(Sensors, HeatFollowsPower) {
  const auto busy = at({.sm = 100});
  EXPECT_EQ(busy.temperature_c.value, 44U);  // as measured, after a while
  EXPECT_EQ(busy.margin_c, 43);
  EXPECT_EQ(busy.memory_temperature_c.value, 36U);                            // measured: 35 or 36 C
  EXPECT_EQ(at({.sm = 100, .memory = 100}).memory_temperature_c.value, 47U);  // as measured
}

TEST_F(Sensors, APowerLimitLowersPowerAndClocks) {
  settings_.power_limit_mw = 200000;
  const auto now = at({.sm = 100});
  EXPECT_EQ(now.power_mw.value, 200000U);
  EXPECT_EQ(now.event_reasons, reason_power_cap);
  EXPECT_EQ(now.graphics_mhz.value, 1140U);  // 1980 * 200 / 343 is 1154: the next supported clock below
  EXPECT_EQ(now.sm_mhz.value, 1140U);
  EXPECT_EQ(at({}).event_reasons, 0U);
}

TEST_F(Sensors, LowerClocksUseLessPowerSoTheLimitDoesNotApply) {
  settings_.locked_graphics_min_mhz = settings_.locked_graphics_max_mhz = 990;
  EXPECT_EQ(at({.sm = 100}).power_mw.value, 232513U);  // 122 W and half of 221 W
  settings_.power_limit_mw = 240000;
  const auto now = at({.sm = 100});
  EXPECT_EQ(now.event_reasons & reason_power_cap, 0U);
  EXPECT_EQ(now.graphics_mhz.value, 990U);
}

TEST_F(Sensors, ClocksAreLocked) {
  settings_.locked_graphics_min_mhz = settings_.locked_graphics_max_mhz = 990;
  EXPECT_EQ(at({}).graphics_mhz.value, 990U);
  EXPECT_EQ(at({}).event_reasons, reason_idle);
  EXPECT_EQ(at({.sm = 1}).sm_mhz.value, 990U);
  settings_.locked_memory_min_mhz = settings_.locked_memory_max_mhz = 2201;
  EXPECT_EQ(at({}).memory_mhz.value, 2201U);
}

TEST_F(Sensors, ApplicationClocksAreTheTarget) {
  settings_.application_graphics_mhz = 1200;
  settings_.application_memory_mhz = 2201;
  const auto now = at({.sm = 50});
  EXPECT_EQ(now.graphics_mhz.value, 1200U);
  EXPECT_EQ(now.memory_mhz.value, 2201U);
  EXPECT_EQ(now.event_reasons, reason_application_clocks);
}

TEST_F(Sensors, UnknownFiguresOfTheBoardStayUnknown) {
  const auto now = readings(catalog::Sensors{}, GpuConfig{}, settings_, {.sm = 100});
  for (const auto& figure : {now.graphics_mhz, now.memory_mhz, now.power_mw, now.temperature_c, now.memory_power_mw})
    EXPECT_EQ(figure.known, 0U);
  EXPECT_FALSE(now.margin_c);
  EXPECT_EQ(now.load.sm, 100U);
}

Client client(std::uint32_t sm, std::int32_t gi = -1, std::int32_t ci = -1) {
  Client one;
  one.used = 1;
  one.gi = gi;
  one.ci = ci;
  one.load.sm = sm;
  return one;
}

TEST_F(Sensors, LoadsAddUpToAtMostAHundred) {
  const std::vector<Client> two = {client(40), client(35)}, three = {client(40), client(35), client(50)};
  EXPECT_EQ(whole_load(product_.capability, {}, two).sm, 75U);
  EXPECT_EQ(whole_load(product_.capability, {}, three).sm, 100U);
}

TEST_F(Sensors, AnInstanceHasItsShareOfTheGpu) {
  const auto& can = product_.capability;
  const auto& profile = *can.find("3g.71gb");
  mig::GpuState state;
  state.mode = true;
  state = mig::step(can, state, {}, mig::CreateGi{profile.id, profile.sites[0], mig::GiId{2}})->state;
  const auto& whole = *profile.default_compute();
  state = mig::step(can, state, {}, mig::CreateCi{mig::GiId{2}, whole.id, whole.sites[0], mig::CiId{0}})->state;
  const std::vector<Client> one = {client(100, 2, 0)};
  EXPECT_EQ(share_of(can, state, one[0]), 428U);  // 3 of 7 slices
  EXPECT_EQ(whole_load(can, state, one).sm, 43U);
  EXPECT_EQ(instance_load(can, state, one, mig::GiId{2}, std::nullopt).sm, 100U);
  EXPECT_EQ(instance_load(can, state, one, mig::GiId{2}, mig::CiId{0}).sm, 100U);
  EXPECT_EQ(instance_load(can, state, one, mig::GiId{1}, std::nullopt).sm, 0U);
}

}  // namespace
}  // namespace gpuslice::sim
