#include "sim/samples.hpp"

#include <gtest/gtest.h>

namespace gpuslice::sim {
namespace {

TEST(Samples, CoverTheLengthOfTheBuffer) {
  const auto times = sample_times(power_series, 1'000'000'015'000, 0);
  ASSERT_EQ(times.size(), 119U);
  EXPECT_EQ(times.back(), 1'000'000'000'000U);
  EXPECT_EQ(times.front(), 1'000'000'000'000U - 118 * 20000);
  EXPECT_EQ(sample_times(utilization_series, 1'000'000'015'000, 0).size(), 71U);
}

TEST(Samples, AreNewerThanTheGivenTime) {
  const auto all = sample_times(utilization_series, 50'000'000, 0);
  const auto later = sample_times(utilization_series, 50'000'000, all[68]);
  ASSERT_EQ(later.size(), 2U);
  EXPECT_EQ(later[0], all[69]);
  EXPECT_TRUE(sample_times(utilization_series, 50'000'000, all.back()).empty());
}

TEST(Samples, AreFewerShortlyAfterTheStart) { EXPECT_EQ(sample_times(utilization_series, 500'000, 0).size(), 2U); }

TEST(Samples, ShowALoadFromTheStartOfItsClientOn) {
  Client one;
  one.started_us = 1000;
  one.load.sm = 30;
  EXPECT_EQ(load_at({}, {}, {&one, 1}, 999).sm, 0U);
  EXPECT_EQ(load_at({}, {}, {&one, 1}, 1000).sm, 30U);
}

}  // namespace
}  // namespace gpuslice::sim
