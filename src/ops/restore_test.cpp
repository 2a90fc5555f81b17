#include "ops/restore.hpp"

#include <gtest/gtest.h>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;
using testing::three_and_one;

class Restore : public Change {
 protected:
  Restore() {
    two_gpus();
    kept_ = layout({"train=3g.20gb", "1g.5gb"});
  }
  void two_gpus() {
    auto second = gpu(0);
    second.uuid = "GPU-22222222-2222-3333-4444-555555555555";
    second.pci.bus_id = "00000000:00:07.0";
    driver->gpus.push_back(second);
  }
  std::expected<Restoration, Failure> restore() { return ops::restore(subject(), options, kept_); }
  // What a boot does on Hopper.
  void boot() {
    for (auto& one : driver->gpus) {
      one.mig = {false, false};
      one.instances.clear();
    }
  }
  std::string shape_of(std::size_t index) {
    const auto seen = see(subject());
    const auto& one = seen->inventory.gpus[index];
    return plan::shape_text(one.capability, one.state);
  }
  static const Standing::Gi* gi_of(const GpuStanding& gpu, const std::string& name) {
    for (const auto& one : gpu.objects)
      if (const auto* gi = std::get_if<Standing::Gi>(&one.object); gi != nullptr && gi->declared_name == name)
        return gi;
    return nullptr;
  }

  model::Layout kept_;
};

TEST_F(Restore, BringsModeInstancesAndNamesBackInOneChange) {
  boot();
  const auto done = restore();
  ASSERT_TRUE(done) << done.error().why.message();
  EXPECT_TRUE(done->complete());
  EXPECT_EQ(shape_of(0), three_and_one);
  EXPECT_EQ(shape_of(1), three_and_one);
  EXPECT_EQ(gi_of(done->gpus[1].after, "train")->actual_name, "train");
  EXPECT_EQ(done->gpus[0].change, 1U);
  EXPECT_EQ(done->gpus[1].change, 1U);
}

TEST_F(Restore, ChangesNothingTheSecondTime) {
  ASSERT_TRUE(restore());
  const auto calls = driver->journal;
  const auto done = restore();
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->complete());
  EXPECT_EQ(done->gpus[0].change, 0U);
  EXPECT_EQ(driver->journal, calls);
  EXPECT_EQ(subject().store.history()->size(), 1U);
}

TEST_F(Restore, AGpuOnWhichItFailsDoesNotPreventTheOther) {
  boot();
  for (std::size_t n = 0; n < 64; ++n) gpu(0).create_ci.codes.push_back(node::err_insufficient_resources);
  const auto done = restore();
  ASSERT_TRUE(done) << done.error().why.message();
  EXPECT_FALSE(done->complete());
  EXPECT_FALSE(done->unknown());
  ASSERT_TRUE(done->gpus[0].failure);
  EXPECT_EQ(done->gpus[0].failure->cause, Cause::step_failed);
  EXPECT_EQ(done->gpus[0].failure->restored, Restored::all);
  EXPECT_FALSE(done->gpus[1].failure);
  EXPECT_EQ(shape_of(0), "MIG off");
  EXPECT_EQ(shape_of(1), three_and_one);
}

TEST_F(Restore, ALayoutThatNoLongerFitsAGpuDoesNotPreventTheOther) {
  boot();
  auto first = kept_.gpus[0];
  first.selector.uuid = {gpu(0).uuid};
  first.instances.push_back({"", "4g.20gb", {}, {}, {}});
  auto second = kept_.gpus[0];
  second.selector.uuid = {gpu(1).uuid};
  kept_.gpus = {first, second};
  const auto done = restore();
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->complete());
  ASSERT_TRUE(done->gpus[0].after.reason);
  EXPECT_EQ(done->gpus[0].after.reason->kind, ErrorKind::refused);
  EXPECT_EQ(shape_of(0), "MIG off");
  EXPECT_EQ(shape_of(1), three_and_one);
}

TEST_F(Restore, AGpuThatIsNotThereIsNamedAndTheOthersAreRestored) {
  boot();
  kept_.gpus[0].selector.uuid = {gpu(0).uuid, "GPU-99999999-2222-3333-4444-555555555555"};
  const auto done = restore();
  ASSERT_TRUE(done);
  ASSERT_EQ(done->gpus.size(), 2U);
  EXPECT_FALSE(done->gpus[1].after.gpu);
  EXPECT_EQ(done->gpus[1].after.reason->kind, ErrorKind::not_found);
  EXPECT_FALSE(done->complete());
  EXPECT_EQ(shape_of(0), three_and_one);
}

TEST_F(Restore, RollsAnInterruptedChangeBackFirst) {
  boot();
  const auto seen = see(subject());
  store::Transaction t;
  t.verb = "restore";
  store::GpuRecord record;
  record.uuid = gpu(0).uuid;
  record.before = seen->inventory.gpus[0].state;
  record.after = record.before;
  record.after.mig.mode = record.after.mig.pending = true;
  t.gpus.push_back(record);
  interrupt(t);
  const auto done = restore();
  ASSERT_TRUE(done) << done.error().why.message();
  ASSERT_TRUE(done->recovered.transaction);
  EXPECT_TRUE(done->complete());
  const auto journal = subject().store.journal();
  EXPECT_FALSE(*journal);
}

TEST_F(Restore, WhatAnInterruptedChangeLeftOnALostGpuDoesNotPreventIt) {
  boot();
  store::Transaction t;
  t.verb = "apply";
  store::GpuRecord record;
  record.uuid = "GPU-99999999-2222-3333-4444-555555555555";
  record.index = GpuIndex{7};
  record.after.mig.mode = record.after.mig.pending = true;
  t.gpus.push_back(record);
  interrupt(t);
  const auto done = restore();
  ASSERT_TRUE(done) << done.error().why.message();
  ASSERT_EQ(done->recovered.remains.size(), 1U);
  EXPECT_EQ(done->recovered.remains[0].uuid, record.uuid);
  EXPECT_TRUE(done->complete());
}

TEST_F(Restore, UndoPassesOverIt) {
  ASSERT_TRUE(apply(layout({"2g.10gb"})));
  ASSERT_TRUE(apply(kept_));
  boot();
  ASSERT_TRUE(restore());
  const auto undone = undo();
  ASSERT_TRUE(undone) << undone.error().why.message();
  const auto history = subject().store.history();
  EXPECT_EQ(history->back().verb, "undo");
  EXPECT_EQ(history->back().undoes, 2U);
  EXPECT_NE(shape_of(0).find("2g.10gb"), std::string::npos) << shape_of(0);
}

TEST_F(Restore, StopsBeforeTheFirstChangeWhenItIsInterrupted) {
  boot();
  std::stop_source stop;
  stop.request_stop();
  options.stop = stop.get_token();
  const auto done = restore();
  ASSERT_TRUE(done);
  ASSERT_TRUE(done->gpus[0].failure);
  EXPECT_EQ(done->gpus[0].failure->cause, Cause::interrupted);
  EXPECT_EQ(shape_of(0), "MIG off");
}

TEST_F(Restore, AllPresentKnowsWhatIsWorthWaitingFor) {
  const auto inventory = see(subject())->inventory;
  EXPECT_TRUE(all_present(inventory, kept_));
  auto missing = kept_;
  missing.gpus[0].selector.index = {5};
  EXPECT_FALSE(all_present(inventory, missing));
  EXPECT_FALSE(all_present({}, kept_));
}

TEST_F(Restore, BringsSettingsBackAfterTheModeSwitchThatClearsThem) {
  kept_.gpus[0].compute_mode = model::ComputeMode::exclusive_process;
  kept_.gpus[0].time_slice = model::TimeSlice::medium;
  boot();
  auto on = subject();
  on.settings_of = settings_declared_by(kept_);
  auto done = ops::restore(on, options, kept_);
  ASSERT_TRUE(done) << done.error().why.message();
  EXPECT_TRUE(done->complete());
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(gpu(i).compute_mode, 3U);
    EXPECT_EQ(gpu(i).time_slice, 2U);
    EXPECT_EQ(shape_of(i), three_and_one);
  }
  const auto calls = driver->journal;
  done = ops::restore(on, options, kept_);
  ASSERT_TRUE(done);
  EXPECT_EQ(driver->journal, calls);
}

}  // namespace
}  // namespace gpuslice::ops
