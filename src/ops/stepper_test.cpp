// One step on a node in memory, which is read before and after the step.
#include "ops/stepper.hpp"

#include <gtest/gtest.h>

#include "node/testing/fake_node.hpp"
#include "ops/observe.hpp"

namespace gpuslice::ops {
namespace {

using namespace std::chrono_literals;
using node::testing::FakeNode;

class OneStep : public ::testing::Test {
 protected:
  OneStep() {
    auto& fake = node->gpus[0];
    fake.name = "NVIDIA A100-SXM4-40GB";
    fake.profiles = node::testing::a100_40_profiles();
    fake.mig = {true, true};
  }
  Result<void> take(model::Action action) {
    Workers workers(node, 10s);
    gpu = observe(workers)->gpus[0];
    read_settings(*node, gpu);
    return do_step(workers, gpu, {std::move(action), "", {}}, 10s);
  }

  std::shared_ptr<FakeNode> node = std::make_shared<FakeNode>();
  model::Gpu gpu;
};

TEST_F(OneStep, SetsTheComputeMode) {
  ASSERT_TRUE(take(model::SetComputeMode{model::ComputeMode::exclusive_process}));
  EXPECT_EQ(node->gpus[0].compute_mode, 3U);
  EXPECT_EQ(gpu.state.compute_mode, model::ComputeMode::exclusive_process);
}

TEST_F(OneStep, SetsTheTimeSlice) {
  ASSERT_TRUE(take(model::SetTimeSlice{model::TimeSlice::extended}));
  EXPECT_EQ(node->gpus[0].time_slice, 3U);
  EXPECT_EQ(gpu.state.time_slice, model::TimeSlice::extended);
}

TEST_F(OneStep, ARefusedSettingStaysAsBefore) {
  node->gpus[0].refuse_set_compute = node::err_no_permission;
  const auto refused = take(model::SetComputeMode{model::ComputeMode::prohibited});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(),
            "GPU 0: cannot set the compute mode to Prohibited: the driver answers Insufficient Permissions");
  EXPECT_EQ(gpu.state.compute_mode, model::ComputeMode::shared);
}

TEST_F(OneStep, AStepForTheUserIsRefused) {
  const auto refused = take(model::Reboot{});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "GPU 0: cannot reboot the node: only the user can do that");
}

}  // namespace
}  // namespace gpuslice::ops
