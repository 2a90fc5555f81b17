#include "mig/layouts.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "catalog/testing/parts.hpp"

namespace gpuslice::mig {
namespace {

using catalog::testing::gpu;

std::vector<const GiProfile*> profiles(const Capability& c, const std::vector<const char*>& names) {
  std::vector<const GiProfile*> found;
  for (const auto& p : c.profiles)
    if (names.empty()) found.push_back(&p);
  for (const auto* name : names) found.push_back(&catalog::testing::profile(c, name));
  return found;
}

using Key = std::vector<std::pair<unsigned, unsigned>>;  // (start, profile id) of each instance
struct Listed {
  std::vector<Key> all;
  std::vector<Key> maximal;
};
Listed list(const char* product, const std::vector<const char*>& names) {
  const auto& c = gpu(product);
  Listed listed;
  for_each_layout(c, profiles(c, names), [&](const SeatList& seats, bool maximal) {
    Key key;
    for (const auto& seat : seats) key.emplace_back(seat.placement.start, seat.profile->id.value);
    listed.all.push_back(key);
    if (maximal) listed.maximal.push_back(key);
  });
  return listed;
}

// Counts from a brute-force program that uses the placements that drivers print (tests/oracle has the same figures).
// The last row assumes that engines add up as in the profile table, which no hardware has confirmed.
TEST(Layouts, AreAsManyAsBruteForceFinds) {
  const struct {
    const char* product;
    std::vector<const char*> profiles;
    std::size_t legal, maximal;
  } rows[] = {
      {"a100-40gb", {"1g.5gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb"}, 298, 19},
      {"h100-80gb-sxm5", {"1g.10gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"}, 298, 19},
      {"a100-40gb", {"1g.5gb", "1g.10gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb"}, 723, 78},
      {"a100-40gb", {}, 2319, 239},
      {"a30-24gb", {"1g.6gb", "2g.12gb", "4g.24gb"}, 26, 5},
      {"a30-24gb", {}, 76, 17},
      {"rtx-pro-6000-blackwell-96gb", {"1g.24gb", "2g.48gb", "4g.96gb"}, 26, 5},
      {"rtx-pro-6000-blackwell-96gb", {}, 717, 302},
  };
  for (const auto& row : rows) {
    const auto listed = list(row.product, row.profiles);
    EXPECT_EQ(listed.all.size(), row.legal) << row.product;
    EXPECT_EQ(listed.maximal.size(), row.maximal) << row.product;
  }
}

TEST(Layouts, AreVisitedOnceAndInOrder) {
  for (const char* product : {"a100-40gb", "a30-24gb", "rtx-pro-6000-blackwell-96gb"}) {
    const auto listed = list(product, {});
    ASSERT_FALSE(listed.all.empty());
    EXPECT_TRUE(listed.all[0].empty());  // the first layout is the empty one
    for (std::size_t i = 1; i < listed.all.size(); ++i)
      ASSERT_LT(listed.all[i - 1], listed.all[i]) << product << " " << i;
    for (const auto& layout : listed.all)
      for (std::size_t i = 1; i < layout.size(); ++i) ASSERT_LT(layout[i - 1], layout[i]);
  }
}

// The order of the requested profiles does not matter.
TEST(Layouts, DoNotDependOnTheOrderOfTheProfiles) {
  EXPECT_EQ(list("a30-24gb", {"4g.24gb", "1g.6gb", "2g.12gb"}).all,
            list("a30-24gb", {"1g.6gb", "2g.12gb", "4g.24gb"}).all);
}

TEST(Layouts, MaximalMeansThatNoRequestedProfileFits) {
  using P = std::pair<unsigned, unsigned>;
  EXPECT_EQ(list("a30-24gb", {"1g.6gb", "2g.12gb", "4g.24gb"}).maximal,
            (std::vector<Key>{{P{0, 0}},
                              {P{0, 5}, P{2, 5}},
                              {P{0, 5}, P{2, 14}, P{3, 14}},
                              {P{0, 14}, P{1, 14}, P{2, 5}},
                              {P{0, 14}, P{1, 14}, P{2, 14}, P{3, 14}}}));
  // With 3g as the only profile, one in each half is maximal.
  EXPECT_EQ(list("a100-40gb", {"3g.20gb"}).maximal, (std::vector<Key>{{P{0, 9}, P{4, 9}}}));
  // With 4g as the only profile, one 4g is maximal, although other profiles would still fit.
  EXPECT_EQ(list("a100-40gb", {"4g.20gb"}).maximal, (std::vector<Key>{{P{0, 5}}}));
}

TEST(Layouts, OfNoProfilesAreOnlyTheEmptyOne) {
  const auto& c = gpu("a100-40gb");
  int visits = 0;
  for_each_layout(c, {}, [&](const SeatList& seats, bool maximal) {
    ++visits;
    EXPECT_TRUE(seats.empty());
    EXPECT_TRUE(maximal);
  });
  EXPECT_EQ(visits, 1);
}

}  // namespace
}  // namespace gpuslice::mig
