#include "ops/modes.hpp"

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

TEST(Modes, EnableSwitchesModesThatAreOffAndKeepsInstances) {
  const model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), divided_a100(1)}};
  const auto plan = plan_enable(inventory, all_of(inventory));
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_EQ(plan->digest, plan::digest(inventory));
  ASSERT_EQ(plan->gpus.size(), 2U);
  EXPECT_EQ(steps_of(inventory, plan->gpus[0]), Texts{"enable MIG mode"});
  EXPECT_EQ(steps_of(inventory, plan->gpus[1]), Texts{});
  EXPECT_EQ(plan->gpus[1].made, inventory.gpus[1].made);
}

TEST(Modes, EnableIsUnsupportedWithoutMig) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0)}};
  inventory.gpus[0].capability.mode.supported = false;
  const auto plan = plan_enable(inventory, all_of(inventory));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(plan.error().object, "enable");
  EXPECT_EQ(plan.error().hint, Hint::gpuslice({"list"}));
}

TEST(Modes, DisableDestroysOwnInstancesAndIsRefusedForForeignOnes) {
  model::Inventory inventory{"580", {divided_a100(0)}};
  const auto refused = plan_disable(inventory, all_of(inventory));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_EQ(refused.error().object, "disable");
  EXPECT_EQ(refused.error().hint, Hint::gpuslice({"destroy", "0:7"})) << "not 0:1, which the switch destroys";

  auto& instances = inventory.gpus[0].state.mig.partition.instances;
  const auto train = instances[0];
  instances = {};
  instances.push_back(train);
  const auto plan = plan_disable(inventory, all_of(inventory));
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_EQ(steps_of(inventory, plan->gpus[0]).back(), "disable MIG mode");
  EXPECT_EQ(plan->gpus[0].steps.size(), 4U) << "two compute instances, their GPU instance, the mode";
  EXPECT_TRUE(plan->gpus[0].made.empty());
}

TEST(Modes, AResetStopsEveryClientAndDestroysEveryInstance) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), divided_a100(1)}};
  inventory.gpus[1].clients.resize(1);
  inventory.gpus[1].clients[0].pid = 42;
  const auto plan = plan_reset(inventory, {&inventory.gpus[1]});
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_EQ(plan->digest, plan::digest(inventory));
  ASSERT_EQ(plan->gpus.size(), 1U) << "the GPU that was not selected is not part of the plan";
  const auto& one = plan->gpus[0];
  EXPECT_EQ(one.uuid, "GPU-1");
  EXPECT_EQ(steps_of(inventory, one), Texts{"reset the GPU"});
  EXPECT_EQ(one.steps[0].clients, inventory.gpus[1].clients);
  EXPECT_TRUE(one.after.mig.partition.instances.empty());
  EXPECT_EQ(one.cost, (model::Cost{1, 5, 1})) << "2 GPU instances and 3 compute instances are stopped";
}

}  // namespace
}  // namespace gpuslice::ops
