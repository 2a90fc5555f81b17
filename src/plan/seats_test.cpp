#include "plan/seats.hpp"

#include <gtest/gtest.h>

namespace gpuslice::plan {
namespace {

Option place(unsigned start, unsigned size, std::int32_t steps) {
  Option option;
  option.at = {static_cast<std::uint8_t>(start), static_cast<std::uint8_t>(size)};
  option.price.steps = steps;
  return option;
}

TEST(Seatings, WithoutRequestsNothingIsOccupied) {
  const auto all = seatings({});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].taken, 0U);
  EXPECT_TRUE(all[0].chosen.empty());
}

TEST(Seatings, EverySetOfSlicesHasItsCheapestAssignment) {
  // Two instances of one slice on three slices: the sets {0,1}, {0,2}, {1,2}; the second instance is expensive at 0.
  const std::vector<Option> first = {place(0, 1, 1), place(1, 1, 1), place(2, 1, 1)};
  const std::vector<Option> second = {place(0, 1, 9), place(1, 1, 1), place(2, 1, 1)};
  const auto all = seatings({first, second});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].taken, 0b011U);
  EXPECT_EQ(all[0].price.steps, 2);
  EXPECT_EQ(all[0].chosen, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(all[2].taken, 0b110U);
  EXPECT_EQ(all[2].price.steps, 2);
  EXPECT_EQ(all[2].chosen, (std::vector<std::size_t>{1, 2}))
      << "of equally cheap assignments the one whose options come first";
}

TEST(Seatings, ClosedSlicesStayFreeAndAreNotCounted) {
  const auto all = seatings({{place(0, 2, 1), place(2, 2, 5)}}, 0b0001);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].taken, 0b1100U);
  EXPECT_EQ(all[0].price.steps, 5);
}

TEST(Seatings, WithoutRoomThereIsNoAssignment) {
  EXPECT_TRUE(seatings({{place(0, 4, 1)}, {place(0, 2, 1), place(2, 2, 1)}}).empty());
}

TEST(Price, StoppingClientsCostsMoreThanAnyNumberOfSteps) {
  EXPECT_LT((Price{0, 5, 90, 0}), (Price{1, 0, 0, 0}));
  EXPECT_LT((Price{1, 1, 90, 0}), (Price{1, 2, 0, 0}));
}

}  // namespace
}  // namespace gpuslice::plan
