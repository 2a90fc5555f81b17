#include "plan/shape.hpp"

#include <gtest/gtest.h>

#include "plan/step_rules.hpp"
#include "plan/testing/states.hpp"

namespace gpuslice::plan {
namespace {

using testing::a100;
using testing::instance;
using testing::step;
using testing::with;

TEST(Shape, IdsAreNotPartOfTheShape) {
  EXPECT_TRUE(same_shape(with({instance(1, 9, {0, 4})}), with({instance(2, 9, {0, 4})})));
  EXPECT_FALSE(same_shape(with({instance(1, 9, {0, 4})}), with({instance(1, 9, {4, 4})})));
  auto off_pending = with({instance(1, 9, {0, 4})});
  off_pending.mig.pending = false;
  EXPECT_FALSE(same_shape(with({instance(1, 9, {0, 4})}), off_pending));
}

TEST(Shape, DifferencesAreDescribed) {
  const auto empty = with({instance(1, 9, {4, 4})});
  const auto one = after_step(a100(), empty, {}, step<model::CreateCi>({4, 4}));
  ASSERT_TRUE(one);
  EXPECT_EQ(unexpected_text(a100(), empty, with({instance(2, 9, {4, 4})})), "");
  EXPECT_EQ(unexpected_text(a100(), *one, empty),
            "compute instance 1c.3g.20gb at 0:1 in 3g.20gb at 4:4 does not exist");
  EXPECT_EQ(unexpected_text(a100(), empty, *one), "compute instance 1c.3g.20gb at 0:1 in 3g.20gb at 4:4 exists");
  EXPECT_EQ(unexpected_text(a100(), *one, with({instance(1, 19, {4, 1})})),
            "GPU instance 3g.20gb at 4:4 does not exist; GPU instance 1g.5gb at 4:1 exists");
  auto off = with({});
  off.mig.mode = false;
  EXPECT_EQ(unexpected_text(a100(), with({}), off), "MIG mode is off, on pending");
  off.mig.pending = false;
  EXPECT_EQ(unexpected_text(a100(), with({}), off), "MIG mode is off");
  EXPECT_EQ(unexpected_text(a100(), off, with({})), "MIG mode is on");
}

TEST(Shape, TheDigestDependsOnTheState) {
  model::Gpu gpu;
  gpu.uuid = "GPU-1";
  gpu.capability = a100();
  gpu.state = with({instance(1, 9, {0, 4})});
  const auto before = digest({"580.126.09", {gpu}});
  EXPECT_EQ(before.size(), 16U);
  gpu.state = with({instance(1, 9, {4, 4})});
  EXPECT_NE(digest({"580.126.09", {gpu}}), before);
  gpu.state = with({instance(2, 9, {0, 4})});
  EXPECT_EQ(digest({"580.126.09", {gpu}}), before) << "another id at the same placement";
}

}  // namespace
}  // namespace gpuslice::plan
