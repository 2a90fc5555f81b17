#include "plan/step_rules.hpp"

#include <gtest/gtest.h>

#include "plan/shape.hpp"
#include "plan/testing/states.hpp"

namespace gpuslice::plan {
namespace {

using testing::a100;
using testing::instance;
using testing::step;
using testing::with;

TEST(StepRules, StepsFollowTheRules) {
  auto state = after_step(a100(), with({}), {}, step<model::CreateGi>({4, 4}));
  ASSERT_TRUE(state);
  state = after_step(a100(), *state, {}, step<model::CreateCi>({4, 4}));
  ASSERT_TRUE(state);
  EXPECT_EQ(shape_text(a100(), *state), "MIG on 3g.20gb@4:4{1c.3g.20gb@0:1}");
  const auto early = after_step(a100(), *state, {}, step<model::DestroyGi>({4, 4}));
  ASSERT_FALSE(early) << "the GPU instance still has a compute instance";
  EXPECT_EQ(early.error().message(), "destroy GPU instance 3g.20gb at 4:4: MIG does not allow this step");
  state = after_step(a100(), *state, {}, step<model::DestroyCi>({4, 4}));
  ASSERT_TRUE(state);
  state = after_step(a100(), *state, {}, step<model::DestroyGi>({4, 4}));
  ASSERT_TRUE(state);
  EXPECT_TRUE(same_shape(*state, with({})));
}

TEST(StepRules, AClientInTheInstanceBlocksItsDestruction) {
  auto state = after_step(a100(), with({instance(2, 9, {0, 4})}), {}, step<model::CreateCi>({0, 4}));
  ASSERT_TRUE(state);
  model::Client client;
  client.pid = 4711;
  client.gi = mig::GiId{2};
  client.ci = mig::CiId{0};
  EXPECT_FALSE(after_step(a100(), *state, {client}, step<model::DestroyCi>({0, 4})));
}

TEST(StepRules, TheInverseOfAStepRestoresTheState) {
  const auto empty = with({});
  auto filled = *after_step(a100(), empty, {}, step<model::CreateGi>({4, 4}));
  auto settings = empty;
  settings.compute_mode = model::ComputeMode::shared;
  settings.time_slice = model::TimeSlice::usual;
  const auto whole = *after_step(a100(), filled, {}, step<model::CreateCi>({4, 4}));
  const std::vector<std::pair<model::GpuState, model::Step>> all = {
      {empty, step<model::CreateGi>({4, 4})},
      {filled, step<model::DestroyGi>({4, 4})},
      {filled, step<model::CreateCi>({4, 4})},
      {whole, step<model::DestroyCi>({4, 4})},
      {empty, {model::SetMig{false}, "", {}}},
      {settings, {model::SetComputeMode{model::ComputeMode::prohibited}, "", {}}},
      {settings, {model::SetTimeSlice{model::TimeSlice::extended}, "", {}}}};
  for (const auto& [before, one] : all) {
    const auto after = after_step(a100(), before, {}, one);
    ASSERT_TRUE(after) << step_text(a100(), one);
    EXPECT_FALSE(same_shape(before, *after)) << step_text(a100(), one);
    const auto back = inverse(before, one);
    ASSERT_TRUE(back) << step_text(a100(), one);
    const auto again = after_step(a100(), *after, {}, *back);
    ASSERT_TRUE(again) << step_text(a100(), *back);
    EXPECT_TRUE(same_shape(before, *again)) << step_text(a100(), one);
  }
}

TEST(StepRules, IrreversibleStepsHaveNoInverse) {
  for (const model::Action& one :
       {model::Action(model::Reset{}), model::Action(model::Reboot{}), model::Action(model::ComputeDisplay{}),
        model::Action(model::SetTimeSlice{model::TimeSlice::brief})})
    EXPECT_FALSE(inverse(with({}), {one, "", {}})) << "the earlier time slice is unknown";
}

TEST(StepRules, SettingsAreNamedAsInNvidiaSmi) {
  const auto text = [](const model::Action& action) { return step_text(a100(), {action, "", {}}); };
  EXPECT_EQ(text(model::SetComputeMode{model::ComputeMode::exclusive_process}),
            "set the compute mode to Exclusive_Process");
  EXPECT_EQ(text(model::SetTimeSlice{model::TimeSlice::extended}), "set the time slice to long");
}

}  // namespace
}  // namespace gpuslice::plan
