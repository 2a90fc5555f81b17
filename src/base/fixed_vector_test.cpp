#include "base/fixed_vector.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace gpuslice {
namespace {

using Three = FixedVector<int, 3>;

std::vector<int> items(const Three& v) { return {v.begin(), v.end()}; }

TEST(FixedVector, AcceptsElementsUpToItsCapacity) {
  Three v;
  EXPECT_TRUE(v.empty());
  EXPECT_TRUE(v.push_back(1));
  EXPECT_TRUE(v.push_back(2));
  EXPECT_FALSE(v.full());
  EXPECT_TRUE(v.push_back(3));
  EXPECT_TRUE(v.full());
  EXPECT_FALSE(v.push_back(4));
  EXPECT_FALSE(v.insert(v.begin(), 4));
  EXPECT_EQ(items(v), (std::vector{1, 2, 3}));
}

TEST(FixedVector, InsertsAndErasesAtAPosition) {
  Three v{1, 3};
  EXPECT_TRUE(v.insert(v.begin() + 1, 2));
  EXPECT_EQ(items(v), (std::vector{1, 2, 3}));
  v.erase(v.begin());
  EXPECT_EQ(items(v), (std::vector{2, 3}));
  v.erase(v.end() - 1);
  EXPECT_EQ(items(v), (std::vector{2}));
  EXPECT_TRUE(v.insert(v.end(), 9));
  EXPECT_EQ(items(v), (std::vector{2, 9}));
  v.clear();
  EXPECT_TRUE(v.empty());
}

// Snapshots that contain it are compared and written as bytes.
TEST(FixedVector, EqualVectorsHaveEqualBytes) {
  Three grown{1, 2, 3};
  grown.erase(grown.begin() + 1);
  grown.erase(grown.begin());
  const Three made{3};
  EXPECT_EQ(grown, made);
  EXPECT_EQ(std::memcmp(&grown, &made, sizeof grown), 0);
  EXPECT_FALSE(grown == (Three{3, 3}));
}

// A mapped file may be damaged: a count above the capacity is read as full, and no access goes past the items.
TEST(FixedVector, ADamagedCountStaysInsideTheItems) {
  Three v{1, 2, 3};
  const std::uint32_t damaged = 1000;
  std::memcpy(reinterpret_cast<char*>(&v) + 3 * sizeof(int), &damaged, sizeof damaged);
  EXPECT_EQ(v.size(), 3u);
  EXPECT_TRUE(v.full());
  EXPECT_FALSE(v.push_back(4));
  EXPECT_EQ(items(v), (std::vector{1, 2, 3}));
}

TEST(FixedVector, CanBePartOfAConstantTable) {
  static constexpr Three table{4, 5};
  static_assert(table.size() == 2 && table[1] == 5 && Three::capacity() == 3);
  EXPECT_EQ(items(table), (std::vector{4, 5}));
}

}  // namespace
}  // namespace gpuslice
