#include "plan/shape.hpp"

#include <gtest/gtest.h>

#include "catalog/product.hpp"

namespace gpuslice::plan {
namespace {

const mig::Capability& a100() { return (*catalog::find("a100-40gb"))->capability; }

mig::GpuState with(std::initializer_list<mig::GpuInstance> instances) {
  mig::GpuState state;
  state.mode = state.pending = true;
  for (const auto& gi : instances) state.partition.instances.push_back(gi);
  return state;
}
mig::GpuInstance instance(std::uint32_t id, std::uint32_t profile, mig::Placement at) {
  mig::GpuInstance made;
  made.id = mig::GiId{id};
  made.profile = mig::GiProfileId{profile};
  made.placement = at;
  return made;
}
model::Step step(model::Step::Kind kind, mig::Placement at) {
  model::Step made;
  made.kind = kind;
  made.gi_profile = mig::GiProfileId{9};
  made.gi_placement = at;
  made.ci_profile = mig::CiProfileId{0};
  made.ci_placement = {0, 1};
  return made;
}

TEST(Shape, IdsAreNoPartOfIt) {
  EXPECT_TRUE(same_shape(with({instance(1, 9, {0, 4})}), with({instance(2, 9, {0, 4})})));
  EXPECT_FALSE(same_shape(with({instance(1, 9, {0, 4})}), with({instance(1, 9, {4, 4})})));
  auto off_pending = with({instance(1, 9, {0, 4})});
  off_pending.pending = false;
  EXPECT_FALSE(same_shape(with({instance(1, 9, {0, 4})}), off_pending));
}

TEST(Shape, WhatIsNotAsExpectedIsSaidInWords) {
  using Kind = model::Step::Kind;
  const auto empty = with({instance(1, 9, {4, 4})});
  const auto one = after_step(a100(), empty, {}, step(Kind::create_ci, {4, 4}));
  ASSERT_TRUE(one);
  EXPECT_EQ(unexpected_text(a100(), empty, with({instance(2, 9, {4, 4})})), "");
  EXPECT_EQ(unexpected_text(a100(), *one, empty), "compute instance 1c.3g.20gb at 0:1 in 3g.20gb at 4:4 is not there");
  EXPECT_EQ(unexpected_text(a100(), empty, *one), "compute instance 1c.3g.20gb at 0:1 in 3g.20gb at 4:4 is there");
  EXPECT_EQ(unexpected_text(a100(), *one, with({instance(1, 19, {4, 1})})),
            "GPU instance 3g.20gb at 4:4 is not there; GPU instance 1g.5gb at 4:1 is there");
  auto off = with({});
  off.mode = false;
  EXPECT_EQ(unexpected_text(a100(), with({}), off), "MIG mode is off, on pending");
  off.pending = false;
  EXPECT_EQ(unexpected_text(a100(), with({}), off), "MIG mode is off");
  EXPECT_EQ(unexpected_text(a100(), off, with({})), "MIG mode is on");
}

// A GPU instance that has two compute instance profiles of one size, as Hopper's have (1_SLICE, 1_SLICE_REV1 of nvml.h).
mig::Capability twins() {
  mig::Capability made;
  mig::GiProfile parent;
  parent.id = mig::GiProfileId{15};
  parent.name = "1g.20gb";
  parent.slices = 1;
  parent.sites.push_back({0, 2});
  for (const auto& [id, processors] : {std::pair{0U, 16}, std::pair{7U, 26}}) {
    mig::CiProfile profile;
    profile.id = mig::CiProfileId{id};
    profile.slices = 1;
    profile.max_count = 1;
    profile.multiprocessors = static_cast<std::uint16_t>(processors);
    profile.is_default = id == 7;
    profile.sites.push_back({0, 1});
    parent.compute.push_back(profile);
  }
  made.profiles.push_back(parent);
  return made;
}

TEST(Shape, TwoProfilesOfOneSizeAreToldApart) {
  const auto capability = twins();
  const auto& parent = capability.profiles[0];
  EXPECT_EQ(share_text(parent, parent.compute[0]), "1c (profile 0, 16 SM)");
  EXPECT_EQ(share_text(parent, parent.compute[1]), "1c (profile 7, 26 SM)");
  auto one = step(model::Step::Kind::destroy_ci, {0, 2});
  one.gi_profile = parent.id;
  EXPECT_EQ(step_text(capability, one),
            "destroy compute instance 1g.20gb (profile 0, 16 SM) at 0:1 in 1g.20gb at 0:2");
  one.kind = model::Step::Kind::create_ci;
  one.ci_profile = mig::CiProfileId{7};
  EXPECT_EQ(step_text(capability, one), "create compute instance 1g.20gb (profile 7, 26 SM) at 0:1 in 1g.20gb at 0:2");
  const auto& half = *a100().find("3g.20gb");
  EXPECT_EQ(share_text(half, half.compute[0]), "1c") << "where the size says it, nothing is added";
}

TEST(Shape, StepsFollowTheRules) {
  using Kind = model::Step::Kind;
  auto state = after_step(a100(), with({}), {}, step(Kind::create_gi, {4, 4}));
  ASSERT_TRUE(state);
  state = after_step(a100(), *state, {}, step(Kind::create_ci, {4, 4}));
  ASSERT_TRUE(state);
  EXPECT_EQ(shape_text(a100(), *state), "MIG on 3g.20gb@4:4{1c.3g.20gb@0:1}");
  const auto early = after_step(a100(), *state, {}, step(Kind::destroy_gi, {4, 4}));
  ASSERT_FALSE(early) << "a compute instance is in it";
  EXPECT_EQ(early.error().message(), "destroy GPU instance 3g.20gb at 4:4: the rules of MIG do not allow it there");
  state = after_step(a100(), *state, {}, step(Kind::destroy_ci, {4, 4}));
  ASSERT_TRUE(state);
  state = after_step(a100(), *state, {}, step(Kind::destroy_gi, {4, 4}));
  ASSERT_TRUE(state);
  EXPECT_TRUE(same_shape(*state, with({})));
}

TEST(Shape, AClientInTheInstanceHoldsIt) {
  using Kind = model::Step::Kind;
  auto state = after_step(a100(), with({instance(2, 9, {0, 4})}), {}, step(Kind::create_ci, {0, 4}));
  ASSERT_TRUE(state);
  model::Client client;
  client.pid = 4711;
  client.gi = mig::GiId{2};
  client.ci = mig::CiId{0};
  EXPECT_FALSE(after_step(a100(), *state, {client}, step(Kind::destroy_ci, {0, 4})));
}

TEST(Shape, TheDigestChangesWithWhatStandsThere) {
  model::Gpu gpu;
  gpu.uuid = "GPU-1";
  gpu.capability = a100();
  gpu.state = with({instance(1, 9, {0, 4})});
  const auto before = digest({"580.126.09", {gpu}});
  EXPECT_EQ(before.size(), 16U);
  gpu.state = with({instance(1, 9, {4, 4})});
  EXPECT_NE(digest({"580.126.09", {gpu}}), before);
  gpu.state = with({instance(2, 9, {0, 4})});
  EXPECT_EQ(digest({"580.126.09", {gpu}}), before) << "another id at the same place";
}

}  // namespace
}  // namespace gpuslice::plan
