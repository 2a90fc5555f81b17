#include "base/nearest.hpp"

#include <gtest/gtest.h>

namespace gpuslice {
namespace {

TEST(Nearest, CountsEdits) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("A100", "a100"), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("gup", "gpu"), 1u) << "a swap is one mistake";
  EXPECT_EQ(edit_distance("ca", "abc"), 3u) << "no letter is changed again after a swap";
}

TEST(Nearest, ReturnsTheNearestFirst) {
  const auto names = nearest("a10-40gb", {"h100-80gb-sxm5", "a100-40gb", "a10-24gb"}, 2);
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[0], "a100-40gb");
  EXPECT_EQ(names[1], "a10-24gb");
}

TEST(Nearest, AShortWordAllowsFewerWrongLetters) {
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(nearest("lst", {"plan", "list"}, 3), Names{"list"});
  EXPECT_EQ(nearest("foo", {"pdi", "fan.speed", "for"}, 3), Names{"for"});
  EXPECT_EQ(nearest("foo", {"pdi", "fan.speed"}, 3), Names{}) << "two of three letters differ";
  EXPECT_EQ(nearest("x", {"a", "b"}, 3), Names{}) << "no letter matches";
  EXPECT_EQ(nearest("enabel", {"enable"}, 3), Names{"enable"});
  EXPECT_EQ(nearest("enablexyz", {"enable"}, 3), Names{"enable"});
  EXPECT_EQ(nearest("enxxyz", {"enable"}, 3), Names{});
  EXPECT_EQ(nearest("", {"enable", ""}, 3), Names{""});
  EXPECT_EQ(nearest("list", {}, 3), Names{});
}

TEST(Nearest, PrefixesAndPartsComeAfterMisspellings) {
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(nearest("mem", {"fb_memory", "memory.total", "memory.used", "men"}, 4),
            (Names{"men", "memory.total", "memory.used", "fb_memory"}));
  EXPECT_EQ(nearest("MEM", {"memory.total", "memory.used"}, 1), Names{"memory.total"});
  EXPECT_EQ(nearest("em", {"memory", "empty"}, 2), Names{"empty"}) << "two letters occur in too many names";
  EXPECT_EQ(nearest("m", {"memory"}, 2), Names{});
}

}  // namespace
}  // namespace gpuslice
