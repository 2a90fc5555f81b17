#include "base/split.hpp"

#include <gtest/gtest.h>

namespace gpuslice {
namespace {

using Parts = std::vector<std::string>;

TEST(Split, SeparatorsEndParts) {
  EXPECT_EQ(split("", ','), Parts{});
  EXPECT_EQ(split("a", ','), Parts{"a"});
  EXPECT_EQ(split("a,b", ','), (Parts{"a", "b"}));
  EXPECT_EQ(split("a,b,", ','), (Parts{"a", "b"}));
}

TEST(Split, PartsMayBeEmpty) {
  EXPECT_EQ(split(",", ','), Parts{""});
  EXPECT_EQ(split("a,,b", ','), (Parts{"a", "", "b"}));
}

TEST(Split, OtherSeparatorsBelongToTheParts) { EXPECT_EQ(split("a,b c", ' '), (Parts{"a,b", "c"})); }

}  // namespace
}  // namespace gpuslice
