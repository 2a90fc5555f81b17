// Invariants of every step, checked in long random walks.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "catalog/testing/parts.hpp"
#include "mig/step.hpp"

namespace gpuslice::mig {
namespace {

using catalog::testing::gpu;

Holder on_gpu(unsigned key) { return {key, {}, {}}; }

class RandomWalk {
 public:
  RandomWalk(const Capability& capability, unsigned seed) : can_(capability), random_(seed) {}

  unsigned below(std::size_t n) { return static_cast<unsigned>(random_() % n); }

  Op operation(const GpuState& state) {
    const auto& standing = state.partition.instances;
    const auto some = [&]() -> const GpuInstance* {
      return standing.empty() ? nullptr : &standing[below(standing.size())];
    };
    switch (below(16)) {
      case 0:
        return SetMode{below(4) != 0};
      case 1:
        if (below(16) == 0) return below(2) == 0 ? Op{Reset{}} : Op{Reboot{}};
        break;
      case 2:
      case 3:
      case 4:
      case 5:
      case 6:
        if (const auto* gi = some()) {
          const auto& parent = *can_.find(gi->profile);
          const auto& profile = parent.compute[below(parent.compute.size())];
          return CreateCi{gi->id, profile.id, profile.sites[below(profile.sites.size())], CiId{below(9)}};
        }
        break;
      case 7:
      case 8:
        if (const auto* gi = some()) return DestroyCi{gi->id, CiId{below(8)}};
        break;
      case 9:
      case 10:
        return DestroyGi{GiId{below(15)}};
      default:
        break;
    }
    const auto& profile = can_.profiles[below(can_.profiles.size())];
    return CreateGi{profile.id, profile.sites[below(profile.sites.size())], GiId{below(16)}};
  }

  // Usually no clients; otherwise clients of existing instances, or of the whole GPU.
  std::vector<Holder> holders(const GpuState& state) {
    std::vector<Holder> found;
    while (below(4) == 0) {
      if (below(3) == 0 || state.partition.instances.empty()) {
        found.push_back(on_gpu(static_cast<unsigned>(found.size())));
        continue;
      }
      const auto& gi = state.partition.instances[below(state.partition.instances.size())];
      if (!gi.compute.empty()) found.push_back({0, gi.id, gi.compute[below(gi.compute.size())].id});
    }
    return found;
  }

 private:
  const Capability& can_;
  std::mt19937 random_;
};

class Random : public ::testing::TestWithParam<const char*> {};

TEST_P(Random, EveryStepIsLegalAndDoesNotChangeItsInput) {
  const auto& can = gpu(GetParam());
  RandomWalk walk(can, 20260101);
  GpuState state;
  unsigned taken = 0, refused = 0, deepest = 0;
  for (int i = 0; i < 60000; ++i) {
    const auto op = walk.operation(state);
    const auto holders = walk.holders(state);
    const GpuState before = state;
    const auto stepped = step(can, state, holders, op);
    ASSERT_EQ(state, before);
    if (!stepped) {
      ++refused;
      continue;
    }
    ++taken;
    state = stepped->state;
    ASSERT_TRUE(legal(can, state.partition)) << i;
    ASSERT_TRUE(state.mode || state.partition.instances.empty()) << i;
    deepest = std::max(deepest, static_cast<unsigned>(state.partition.instances.size()));
  }
  // The walk must have exercised the operations.
  EXPECT_GT(taken, 5000u);
  EXPECT_GT(refused, 5000u);
  EXPECT_GE(deepest, can.compute_slices > 4 ? 6u : 4u);
}

INSTANTIATE_TEST_SUITE_P(Products, Random,
                         ::testing::Values("a100-40gb", "a30-24gb", "h100-80gb-sxm5", "rtx-pro-6000-blackwell-96gb"),
                         [](const auto& one) { return std::string(one.param).substr(0, 3); });

}  // namespace
}  // namespace gpuslice::mig
