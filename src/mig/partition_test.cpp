#include "mig/partition.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "catalog/testing/parts.hpp"
#include "mig/layouts.hpp"

namespace gpuslice::mig {
namespace {

using catalog::testing::At;
using catalog::testing::gpu;
using catalog::testing::instance;
using catalog::testing::partition;
using catalog::testing::profile;
using catalog::testing::site;

constexpr const char* a100 = "a100-40gb";
constexpr const char* h100 = "h100-80gb-sxm5";
constexpr const char* rtx = "rtx-pro-6000-blackwell-96gb";

// A fictitious board on which each limit can be reached separately: on real boards, slices and engines always run out
// first.
Capability contrived() {
  Capability c;
  c.grid = 8;
  c.compute_slices = 7;
  c.max_instances = 3;
  const auto add = [&](unsigned id, const char* name, std::uint8_t slices, std::uint8_t most, std::uint8_t size) {
    GiProfile p;
    p.id = GiProfileId{id};
    p.name = name;
    p.slices = slices;
    p.max_count = most;
    for (unsigned start = 0; start + size <= 8; start += size)
      p.sites.push_back({static_cast<std::uint8_t>(start), size});
    c.profiles.push_back(p);
  };
  add(1, "1g", 1, 7, 1);
  add(2, "1g+one", 1, 1, 1);
  add(4, "4g", 4, 2, 4);
  return c;
}

TEST(Obstacle, IsTheFirstLimitThatIsExceeded) {
  const Capability& ampere = gpu(a100);
  const Capability& blackwell = gpu(rtx);
  const Capability board = contrived();
  const struct {
    const Capability& on;
    Partition standing;
    At wanted;
    Obstacle expected;
  } rows[] = {
      {ampere, {}, {"7g.40gb", 0}, Obstacle::none},
      {ampere, partition(ampere, {{"4g.20gb", 0}}), {"3g.20gb", 4}, Obstacle::none},
      {ampere, partition(ampere, {{"4g.20gb", 0}}), {"1g.5gb", 3}, Obstacle::slices},
      {ampere, partition(ampere, {{"1g.5gb", 6}}), {"1g.10gb", 6}, Obstacle::slices},
      {ampere, partition(ampere, {{"1g.5gb", 6}}), {"7g.40gb", 0}, Obstacle::slices},
      {ampere, partition(ampere, {{"1g.5gb+me", 0}}), {"1g.5gb+me", 1}, Obstacle::engines},  // one JPEG, one OFA
      {blackwell, partition(blackwell, {{"1g.24gb+me.all", 0}}), {"1g.24gb", 3}, Obstacle::engines},
      {blackwell, partition(blackwell, {{"1g.24gb+me.all", 0}}), {"1g.24gb-me", 3}, Obstacle::none},
      {blackwell, partition(blackwell, {{"2g.48gb", 0}, {"2g.48gb", 6}}), {"1g.24gb-me", 9}, Obstacle::slices},
      {board, partition(board, {{"4g", 0}}), {"4g", 4}, Obstacle::compute},
      {board, partition(board, {{"1g+one", 0}}), {"1g+one", 1}, Obstacle::profile_count},
      {board, partition(board, {{"1g", 0}, {"1g", 1}, {"1g", 2}}), {"1g", 3}, Obstacle::instance_count},
  };
  for (const auto& row : rows) {
    const auto& p = profile(row.on, row.wanted.profile);
    EXPECT_EQ(obstacle(row.on, row.standing, p, site(p, row.wanted.start)), row.expected)
        << p.name << " at " << row.wanted.start << " beside " << row.standing.instances.size();
  }
}

std::vector<unsigned> free_column(const Capability& capability, const Partition& standing,
                                  const std::vector<const char*>& profiles) {
  std::vector<unsigned> free;
  for (const auto* name : profiles) free.push_back(remaining(capability, standing, profile(capability, name)));
  return free;
}

using Free = std::vector<unsigned>;

// "Free" of -lgip on an A100-SXM4-40GB, driver 580.126.09, after creating 4g.20gb, 2g.10gb and 1g.5gb in that order
// (tests/replay/expected/25-lgip.txt and the following).
TEST(Remaining, FollowsTheA100Transcript) {
  const auto& c = gpu(a100);
  const std::vector<const char*> order{"1g.5gb", "1g.5gb+me", "1g.10gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb"};
  EXPECT_EQ(free_column(c, {}, order), (Free{7, 1, 4, 3, 2, 1, 1}));
  EXPECT_EQ(free_column(c, partition(c, {{"4g.20gb", 0}}), order), (Free{3, 1, 2, 1, 1, 0, 0}));
  EXPECT_EQ(free_column(c, partition(c, {{"4g.20gb", 0}, {"2g.10gb", 4}}), order), (Free{1, 1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(free_column(c, partition(c, {{"4g.20gb", 0}, {"2g.10gb", 4}, {"1g.5gb", 6}}), order),
            (Free{0, 0, 0, 0, 0, 0, 0}));
}

TEST(Remaining, CountsOneMediaInstanceOnly) {
  for (const auto& [product, plain, with_media] :
       {std::tuple{a100, "1g.5gb", "1g.5gb+me"}, std::tuple{h100, "1g.10gb", "1g.10gb+me"}}) {
    const auto& c = gpu(product);
    EXPECT_EQ(free_column(c, {}, {plain, with_media}), (Free{7, 1}));
    EXPECT_EQ(free_column(c, partition(c, {{with_media, 6}}), {plain, with_media}), (Free{6, 0}));
    EXPECT_EQ(free_column(c, partition(c, {{plain, 6}}), {plain, with_media}), (Free{6, 1}));
  }
}

// Placements of published -lgipp listings, counted by hand.
TEST(Remaining, OnH100) {
  const auto& c = gpu(h100);
  const std::vector<const char*> order{"1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"};
  EXPECT_EQ(free_column(c, {}, order), (Free{7, 4, 3, 2, 1, 1}));
  EXPECT_EQ(free_column(c, partition(c, {{"3g.40gb", 4}}), order), (Free{4, 2, 2, 1, 1, 0}));
  EXPECT_EQ(free_column(c, partition(c, {{"3g.40gb", 0}, {"2g.20gb", 4}}), order), (Free{1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(free_column(c, partition(c, {{"1g.10gb", 2}}), order), (Free{6, 3, 2, 1, 0, 0}));
}

// On these boards engines are a second limit: there are 4 of each kind, and one OFA.
TEST(Remaining, OnRtxProEnginesAreTheLimit) {
  const auto& c = gpu(rtx);
  const std::vector<const char*> order{"1g.24gb",    "1g.24gb+me", "1g.24gb+gfx", "1g.24gb+me.all",
                                       "1g.24gb-me", "2g.48gb",    "2g.48gb+gfx", "2g.48gb+me.all",
                                       "2g.48gb-me", "4g.96gb",    "4g.96gb+gfx"};
  EXPECT_EQ(free_column(c, {}, order), (Free{4, 1, 4, 1, 4, 2, 2, 1, 2, 1, 1}));
  EXPECT_EQ(free_column(c, partition(c, {{"1g.24gb", 0}}), order), (Free{3, 1, 3, 0, 3, 1, 1, 0, 1, 0, 0}));
  // All engines are in use, so only profiles without engines are left.
  EXPECT_EQ(free_column(c, partition(c, {{"1g.24gb+me.all", 9}}), order), (Free{0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(free_column(c, partition(c, {{"2g.48gb+me.all", 0}}), order), (Free{0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0}));
  // Only the OFA is in use.
  EXPECT_EQ(free_column(c, partition(c, {{"1g.24gb+me", 0}}), order), (Free{3, 0, 3, 0, 3, 1, 1, 0, 1, 0, 0}));
  EXPECT_EQ(free_column(c, partition(c, {{"2g.48gb-me", 0}}), order), (Free{2, 1, 2, 1, 2, 1, 1, 1, 1, 0, 0}));
}

std::vector<unsigned> starts(const FixedVector<Placement, 8>& sites) {
  std::vector<unsigned> found;
  for (const auto one : sites) found.push_back(one.start);
  return found;
}

TEST(FreeSites, AreThoseWithoutAnObstacle) {
  const auto& c = gpu(a100);
  const auto standing = partition(c, {{"2g.10gb", 2}, {"1g.5gb", 6}});
  EXPECT_EQ(starts(free_sites(c, standing, profile(c, "1g.5gb"))), (Free{0, 1, 4, 5}));
  EXPECT_EQ(starts(free_sites(c, standing, profile(c, "1g.10gb"))), (Free{0, 4}));
  EXPECT_EQ(starts(free_sites(c, standing, profile(c, "3g.20gb"))), Free{});
  EXPECT_EQ(starts(free_sites(c, {}, profile(c, "7g.40gb"))), Free{0});
}

// "Free" of -lcip in the same A100 session: two 1c or one default profile fit in a 2g, and nothing fits next to the
// default.
TEST(ComputeInstances, RemainingDependsOnTheExistingOnes) {
  const auto& c = gpu(a100);
  const auto& p = profile(c, "4g.20gb");
  const auto free = [&](const GpuInstance& gi) {
    Free column;
    for (const auto& ci : p.compute) column.push_back(remaining(p, gi, ci));
    return column;
  };
  auto gi = instance(c, {"4g.20gb", 0}, 2);
  EXPECT_EQ(free(gi), (Free{4, 2, 1}));  // 1c, 2c, whole
  gi.compute.push_back({CiId{0}, CiProfileId{0}, {1, 1}});
  EXPECT_EQ(free(gi), (Free{3, 1, 0}));
  EXPECT_EQ(starts(free_sites(p, gi, *p.find(CiProfileId{0}))), (Free{0, 2, 3}));
  EXPECT_EQ(starts(free_sites(p, gi, *p.find(CiProfileId{1}))), Free{2});
  gi.compute.push_back({CiId{1}, CiProfileId{1}, {2, 2}});
  EXPECT_EQ(free(gi), (Free{1, 0, 0}));
  gi.compute.clear();
  gi.compute.push_back({CiId{0}, CiProfileId{3}, {0, 4}});
  EXPECT_EQ(free(gi), (Free{0, 0, 0}));
}

TEST(ComputeInstances, ObstaclesInsideAnInstance) {
  const auto& c = gpu(a100);
  const auto& p = profile(c, "3g.20gb");
  auto gi = instance(c, {"3g.20gb", 4}, 2);
  EXPECT_EQ(obstacle(p, gi, *p.find(CiProfileId{2}), {0, 3}), Obstacle::none);
  gi.compute.push_back({CiId{0}, CiProfileId{1}, {0, 2}});
  EXPECT_EQ(obstacle(p, gi, *p.find(CiProfileId{0}), {1, 1}), Obstacle::slices);
  EXPECT_EQ(obstacle(p, gi, *p.find(CiProfileId{0}), {2, 1}), Obstacle::none);
  CiProfile once = *p.find(CiProfileId{0});
  once.max_count = 1;
  gi.compute.clear();
  gi.compute.push_back({CiId{0}, CiProfileId{0}, {0, 1}});
  EXPECT_EQ(obstacle(p, gi, once, {2, 1}), Obstacle::profile_count);
}

TEST(ComputeInstances, TheLowestFreeIdIsReused) {
  GpuInstance gi;
  EXPECT_EQ(lowest_free_ci(gi), CiId{0});
  gi.compute.push_back({CiId{0}, {}, {0, 1}});
  gi.compute.push_back({CiId{2}, {}, {2, 1}});
  EXPECT_EQ(lowest_free_ci(gi), CiId{1});
  gi.compute.clear();
  for (unsigned id = 0; id < 8; ++id) gi.compute.push_back({CiId{id}, {}, {}});
  EXPECT_EQ(lowest_free_ci(gi), std::nullopt);
}

// Checks that every subset of every legal layout of the product is legal, so that a destroy never fails for lack of
// space.
void expect_subsets_legal(const Capability& c, const std::vector<const GiProfile*>& profiles, unsigned layouts) {
  unsigned seen = 0;
  for_each_layout(c, profiles, [&](const SeatList& seats, bool) {
    ++seen;
    for (unsigned chosen = 0; chosen < (1U << seats.size()); ++chosen) {
      Partition p;
      for (std::size_t i = 0; i < seats.size(); ++i) {
        if ((chosen >> i & 1U) == 0) continue;
        GpuInstance gi;
        gi.id = GiId{static_cast<unsigned>(i)};
        gi.profile = seats[i].profile->id;
        gi.placement = seats[i].placement;
        p.instances.push_back(gi);
      }
      ASSERT_TRUE(legal(c, p)) << "layout " << seen << ", subset " << chosen;
    }
  });
  EXPECT_EQ(seen, layouts);
}

TEST(Legal, EverySubsetOfALegalPartitionIsLegal) {
  const auto& ampere = gpu(a100);
  expect_subsets_legal(ampere,
                       {ampere.find("1g.5gb"), ampere.find("2g.10gb"), ampere.find("3g.20gb"), ampere.find("4g.20gb"),
                        ampere.find("7g.40gb")},
                       298);
  const auto& blackwell = gpu(rtx);
  std::vector<const GiProfile*> all;
  for (const auto& p : blackwell.profiles) all.push_back(&p);
  expect_subsets_legal(blackwell, all, 717);
}

TEST(Legal, RefusesPartitionsThatAreNotLegal) {
  const auto& c = gpu(a100);
  const auto with = [&](auto change) {
    auto p = partition(c, {{"4g.20gb", 0}, {"3g.20gb", 4}});
    p.instances[0].compute.push_back({CiId{0}, CiProfileId{1}, {0, 2}});
    p.instances[0].compute.push_back({CiId{1}, CiProfileId{1}, {2, 2}});
    EXPECT_TRUE(legal(c, p));
    change(p);
    return p;
  };
  const struct {
    const char* what;
    Partition partition;
  } rows[] = {
      {"two on one slice", with([](auto& p) {
         p.instances[1] = p.instances[0];
         p.instances[1].id = GiId{9};
       })},
      {"one id twice", with([](auto& p) { p.instances[1].id = p.instances[0].id; })},
      {"an unknown profile", with([](auto& p) { p.instances[1].profile = GiProfileId{47}; })},
      {"a place of another profile", with([](auto& p) { p.instances[1].placement = {4, 3}; })},
      {"a place outside the GPU", with([](auto& p) { p.instances[1].placement = {8, 4}; })},
      {"a second whole GPU", with([&](auto& p) { p = partition(c, {{"7g.40gb", 0}, {"7g.40gb", 0}}); })},
      {"two media instances", with([&](auto& p) { p = partition(c, {{"1g.5gb+me", 0}, {"1g.5gb+me", 1}}); })},
      {"a compute profile of another instance",
       with([](auto& p) { p.instances[0].compute[1].profile = CiProfileId{2}; })},
      {"a compute instance beyond the end", with([](auto& p) { p.instances[0].compute[1].placement = {3, 2}; })},
      {"two compute instances on one slice", with([](auto& p) { p.instances[0].compute[1].placement = {0, 2}; })},
      {"one compute id twice", with([](auto& p) { p.instances[0].compute[1].id = CiId{0}; })},
      {"a third compute instance",
       with([](auto& p) { p.instances[0].compute.push_back({CiId{2}, CiProfileId{0}, {3, 1}}); })},
  };
  for (const auto& row : rows) EXPECT_FALSE(legal(c, row.partition)) << row.what;
}

}  // namespace
}  // namespace gpuslice::mig
