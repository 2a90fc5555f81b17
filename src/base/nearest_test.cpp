#include "base/nearest.hpp"

#include <gtest/gtest.h>

namespace gpuslice {
namespace {

TEST(Nearest, CountsEdits) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("A100", "a100"), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

TEST(Nearest, PutsTheNearestFirst) {
  const auto names = nearest("a10-40gb", {"h100-80gb-sxm5", "a100-40gb", "a10-24gb"}, 2);
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[0], "a100-40gb");
  EXPECT_EQ(names[1], "a10-24gb");
}

}  // namespace
}  // namespace gpuslice
