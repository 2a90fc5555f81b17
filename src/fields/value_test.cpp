#include "fields/value.hpp"

#include <gtest/gtest.h>

#include "fields/reading.hpp"

namespace gpuslice::fields {
namespace {

TEST(Value, ShowsANumberInDecimalWithItsSign) {
  EXPECT_EQ(Value(std::uint64_t{143771}).words(), "143771");
  EXPECT_EQ(Value(std::int64_t{-8}).words(), "-8");
  EXPECT_EQ(Value(std::int64_t{-8}).with_sign(), -8);
}

TEST(Value, KeepsTextUnchanged) {
  const Value words(std::string("96.00.A5.00.1A"));
  EXPECT_TRUE(words.is_words());
  EXPECT_EQ(words.words(), "96.00.A5.00.1A");
  EXPECT_EQ(words.number(), 0U);
}

TEST(Reading, LocationsOfMemoryErrorsAreDistinctAndInRange) {
  EXPECT_EQ(ecc_location(false, false, 0), Reading::ecc_location_first);
  EXPECT_EQ(ecc_location(true, true, 7), Reading::ecc_location_last);
  EXPECT_NE(ecc_location(true, false, 2), ecc_location(false, true, 2));
  EXPECT_EQ(power_smoothing(251), Reading::power_smoothing_first);
  EXPECT_EQ(power_smoothing(288), Reading::power_smoothing_last);
}

}  // namespace
}  // namespace gpuslice::fields
