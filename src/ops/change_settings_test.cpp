// Changed settings of a whole GPU are restored by a rollback, a recovery and undo, as instances are.
#include <gtest/gtest.h>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;
using testing::three_and_one;

class ChangeOfSettings : public Change {
 protected:
  // Plans the layout, with a change of compute mode and time slice before it, as if a layout could declare these.
  Result<model::Plan> plan(const model::Inventory& inventory) {
    auto plan = plan::plan_layout(inventory, layout({"3g.20gb", "1g.5gb"}));
    auto& gpu = plan->gpus[0];
    auto seen = inventory.gpus[0];
    read_settings(*driver, seen);
    gpu.before.compute_mode = seen.state.compute_mode;
    gpu.before.time_slice = seen.state.time_slice;
    gpu.after.compute_mode = model::ComputeMode::exclusive_process;
    gpu.after.time_slice = model::TimeSlice::extended;
    gpu.steps.insert(gpu.steps.begin(), {{model::SetComputeMode{*gpu.after.compute_mode}, "", {}},
                                         {model::SetTimeSlice{*gpu.after.time_slice}, "", {}}});
    return plan;
  }
  std::expected<Changed, Failure> apply_all() {
    return change(subject(), options, [this](const model::Inventory& inventory) { return plan(inventory); });
  }
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> settings() { return {gpu(0).compute_mode, gpu(0).time_slice}; }

  static constexpr std::pair<std::uint32_t, std::uint32_t> as_before{0, 0}, changed{3, 3};
};

TEST_F(ChangeOfSettings, TakesEffectAndIsUndone) {
  const auto done = apply_all();
  ASSERT_TRUE(done) << done.error().why.message();
  EXPECT_EQ(settings(), changed);
  EXPECT_EQ(shape(), three_and_one);
  ASSERT_TRUE(undo());
  EXPECT_EQ(settings(), as_before);
  EXPECT_EQ(shape(), "MIG on");
}

TEST_F(ChangeOfSettings, IsRolledBackIfALaterStepFails) {
  gpu(0).create_ci.codes = {node::err_insufficient_resources};
  gpu(0).create_ci.next = 0;
  const auto failed = apply_all();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().restored, Restored::all);
  EXPECT_EQ(settings(), as_before);
  EXPECT_EQ(shape(), "MIG on");
}

TEST_F(ChangeOfSettings, IsRecoveredAfterAKill) {
  store::Transaction t;
  t.verb = "apply";
  store::GpuRecord record;
  record.uuid = gpu(0).uuid;
  record.before = see(subject())->inventory.gpus[0].state;
  record.after = record.before;
  record.before.compute_mode = model::ComputeMode::shared;
  record.after.compute_mode = model::ComputeMode::exclusive_process;
  record.after.time_slice = model::TimeSlice::medium;
  t.gpus = {record};
  interrupt(t);
  gpu(0).compute_mode = 3;  // the first of two steps was done
  const auto recovered = recover(subject(), options, false);
  ASSERT_TRUE(recovered) << recovered.error().message();
  EXPECT_FALSE(recovered->forward);
  EXPECT_TRUE(recovered->remains.empty());
  EXPECT_EQ(settings(), as_before);
}

TEST_F(ChangeOfSettings, CountsAsDoneIfAllStepsWereDone) {
  store::Transaction t;
  t.verb = "apply";
  store::GpuRecord record;
  record.uuid = gpu(0).uuid;
  record.before = record.after = see(subject())->inventory.gpus[0].state;
  record.before.compute_mode = model::ComputeMode::shared;
  record.after.compute_mode = model::ComputeMode::exclusive_process;
  t.gpus = {record};
  interrupt(t);
  gpu(0).compute_mode = 3;
  EXPECT_TRUE(recover(subject(), options, false)->forward);
  EXPECT_EQ(settings(), std::pair(3U, 0U));
}

TEST_F(ChangeOfSettings, IsAppliedAgainAfterAReset) {
  store::GpuRecord record;
  record.uuid = gpu(0).uuid;
  auto seen = see(subject())->inventory.gpus[0];
  record.before = record.after = seen.state;
  record.before.mig.mode = record.before.mig.pending = false;
  record.before.compute_mode = model::ComputeMode::shared;
  seen.state.compute_mode = model::ComputeMode::shared;  // already as before, until MIG is disabled
  const auto back = way_back(seen, record);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->steps.size(), 2U);
  EXPECT_TRUE(back->steps[0].is<model::SetMig>());
  EXPECT_TRUE(back->steps[1].is<model::SetComputeMode>());
}

}  // namespace
}  // namespace gpuslice::ops
