#include "base/number.hpp"

#include <cstdint>

#include <gtest/gtest.h>

namespace gpuslice {
namespace {

TEST(ParseNumber, ParsesTheWholeText) {
  EXPECT_EQ(parse_number<unsigned>("0"), 0U);
  EXPECT_EQ(parse_number<unsigned>("007"), 7U);
  EXPECT_EQ(parse_number<int>("-3"), -3);
  EXPECT_EQ(parse_number<std::uint32_t>("20B010de", 16), 0x20B010DEU);
}

TEST(ParseNumber, OtherTextIsRejected) {
  for (const auto* text : {"", " 1", "1 ", "+1", "-1", "1x", "x1", "0x1", "1.5", "1,2"})
    EXPECT_EQ(parse_number<unsigned>(text), std::nullopt) << text;
}

TEST(ParseNumber, NumbersOutOfRangeAreRejected) {
  EXPECT_EQ(parse_number<std::uint8_t>("255"), 255);
  EXPECT_EQ(parse_number<std::uint8_t>("256"), std::nullopt);
  EXPECT_EQ(parse_number<std::uint32_t>("4294967296"), std::nullopt);
}

TEST(LeadingNumber, IsTheBranchOfADriverVersion) {
  EXPECT_EQ(leading_number("580.126.09"), 580U);
  EXPECT_EQ(leading_number("470"), 470U);
  EXPECT_EQ(leading_number("R580"), 0U);
  EXPECT_EQ(leading_number(""), 0U);
}

}  // namespace
}  // namespace gpuslice
