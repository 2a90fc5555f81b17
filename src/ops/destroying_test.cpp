#include "ops/destroying.hpp"

#include <gtest/gtest.h>

#include "ops/testing/some_gpus.hpp"
#include "plan/shape.hpp"

namespace gpuslice::ops {
namespace {

using testing::all_of;
using testing::divided_a100;
using testing::gpu_of;
using testing::steps_of;
using testing::Texts;

// Two GPUs with the same instances, and one without.
class Destroying : public ::testing::Test {
 protected:
  [[nodiscard]] model::Plan plan(const std::vector<std::string>& words) const {
    const auto instances = select_instances(inventory_, words);
    EXPECT_TRUE(instances) << instances.error().message();
    const auto plan = plan_destroy(inventory_, {}, *instances);
    EXPECT_TRUE(plan) << plan.error().message();
    return *plan;
  }
  [[nodiscard]] std::string left(const model::GpuPlan& plan) const {
    return plan::shape_text(inventory_.gpus[0].capability, plan.after);
  }

  model::Inventory inventory_{"580", {divided_a100(0), divided_a100(1), gpu_of("a100-40gb", 2)}};
};

TEST_F(Destroying, AGpuInstanceIsDestroyedWithItsComputeInstances) {
  const auto made = plan({"1:1"});
  EXPECT_EQ(made.digest, plan::digest(inventory_));
  ASSERT_EQ(made.gpus.size(), 1U) << "other GPUs are not part of the plan";
  EXPECT_EQ(made.gpus[0].gpu, GpuIndex{1});
  EXPECT_EQ(made.gpus[0].steps.size(), 3U);
  EXPECT_EQ(left(made.gpus[0]), "MIG on 1g.5gb@0:1{1g.5gb@0:1}");
  EXPECT_TRUE(made.gpus[0].made.empty()) << "the instance that stays is still another program's";
}

TEST_F(Destroying, ASelectedInstanceOfAnotherProgramIsDestroyed) {
  const auto made = plan({"0:7"});
  EXPECT_EQ(left(made.gpus[0]), "MIG on 3g.20gb@4:4{1c.3g.20gb@0:1,1c.3g.20gb@1:1}");
  EXPECT_EQ(made.gpus[0].made, inventory_.gpus[0].made) << "names stay";
}

TEST_F(Destroying, OneComputeInstanceIsDestroyed) {
  const auto made = plan({"0:1/0"});
  EXPECT_EQ(steps_of(inventory_, made.gpus[0]), Texts{"destroy compute instance 1c.3g.20gb at 0:1 in 3g.20gb at 4:4"});
  ASSERT_EQ(made.gpus[0].made.size(), 1U);
  ASSERT_EQ(made.gpus[0].made[0].compute.size(), 1U);
  EXPECT_EQ(made.gpus[0].made[0].compute[0].name, "b");
}

TEST_F(Destroying, AnInstanceSelectedTwiceIsDestroyedOnce) {
  EXPECT_EQ(plan({"0:7", "0:7"}).gpus[0].steps, plan({"0:7"}).gpus[0].steps);
  EXPECT_EQ(plan({"0:1/0", "0:1"}).gpus[0].steps, plan({"0:1"}).gpus[0].steps);
}

TEST_F(Destroying, GpusAreInAscendingOrder) {
  const auto made = plan({"1:7", "0:7"});
  ASSERT_EQ(made.gpus.size(), 2U);
  EXPECT_EQ(made.gpus[0].gpu, GpuIndex{0});
}

TEST_F(Destroying, AllInstancesOfAGpuAreDestroyed) {
  const auto made = plan_destroy(inventory_, all_of(inventory_), {});
  ASSERT_TRUE(made) << made.error().message();
  ASSERT_EQ(made->gpus.size(), 3U);
  EXPECT_EQ(left(made->gpus[0]), "MIG on");
  EXPECT_EQ(left(made->gpus[1]), "MIG on");
  EXPECT_TRUE(made->gpus[2].steps.empty()) << "it has no instances, and its mode stays";
}

}  // namespace
}  // namespace gpuslice::ops
