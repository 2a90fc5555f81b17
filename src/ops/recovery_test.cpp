// How an interrupted change will end, decided from the state of the GPUs.
#include "ops/recovery.hpp"

#include <gtest/gtest.h>

#include "catalog/product.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::ops {
namespace {

model::Gpu a100() {
  const auto* known = *catalog::find("a100-40gb");
  model::Gpu gpu;
  gpu.uuid = "GPU-0";
  gpu.name = std::string(known->names[0]);
  gpu.capability = known->capability;
  gpu.state.mig.mode = gpu.state.mig.pending = true;
  return gpu;
}
// A GPU instance 3g.20gb at `start`, with a compute instance that uses all of it unless it is `bare`.
mig::GpuInstance half(std::uint32_t id, std::uint8_t start, bool bare = false) {
  mig::GpuInstance gi;
  gi.id = mig::GiId{id};
  gi.profile = mig::GiProfileId{9};
  gi.placement = {start, 4};
  if (!bare) gi.compute.push_back({mig::CiId{0}, mig::CiProfileId{2}, {0, 3}});
  return gi;
}
// A change from one 3g.20gb at 4 ("keep") to two.
store::Transaction second_half() {
  auto before = a100().state;
  before.mig.partition.instances.push_back(half(1, 4));
  auto after = before;
  after.mig.partition.instances.push_back(half(2, 0));
  const model::NamedGi keep{{4, 4}, mig::GiProfileId{9}, "keep", {{{0, 3}, mig::CiProfileId{2}, ""}}};
  const model::NamedGi more{{0, 4}, mig::GiProfileId{9}, "more", {{{0, 3}, mig::CiProfileId{2}, ""}}};
  store::Transaction t;
  t.number = 2;
  t.verb = "apply";
  t.gpus.push_back({"GPU-0", GpuIndex{0}, before, after, {keep}, {keep, more}});
  return t;
}
model::Inventory showing(const model::GpuState& state) {
  model::Inventory inventory;
  inventory.gpus.push_back(a100());
  inventory.gpus[0].state = state;
  return inventory;
}
std::vector<std::string> steps(const model::Inventory& inventory, const Recovery& recovery) {
  std::vector<std::string> all;
  for (const auto& gpu : recovery.plan.gpus)
    for (const auto& step : gpu.steps) all.push_back(plan::step_text(inventory.gpus[0].capability, step));
  return all;
}

TEST(Recovery, AHalfDoneChangeIsRolledBackAndTheNodeIsAsBefore) {
  const auto t = second_half();
  auto half_done = t.gpus[0].before;
  half_done.mig.partition.instances.push_back(half(2, 0, true));
  auto inventory = showing(half_done);
  const auto recovery = foresee_recovery(inventory, t);
  EXPECT_FALSE(recovery.complete);
  EXPECT_TRUE(recovery.remains.empty());
  EXPECT_EQ(steps(inventory, recovery), (std::vector<std::string>{"destroy GPU instance 3g.20gb at 0:4"}));
  store::Names names;
  names.set("GPU-0", t.gpus[0].made_before);
  std::vector<store::Transaction> history;
  recover_in(recovery, inventory, names, history);
  EXPECT_TRUE(plan::same_shape(inventory.gpus[0].state, t.gpus[0].before));
  ASSERT_EQ(inventory.gpus[0].made.size(), 1U);
  EXPECT_EQ(inventory.gpus[0].made[0].name, "keep");
  EXPECT_TRUE(history.empty());
}

TEST(Recovery, RecreatedInstancesHaveNoKnownId) {
  const auto t = second_half();
  auto gone = t.gpus[0].before;
  gone.mig.partition = {};
  auto inventory = showing(gone);
  const auto recovery = foresee_recovery(inventory, t);
  EXPECT_EQ(steps(inventory, recovery),
            (std::vector<std::string>{"create GPU instance 3g.20gb at 4:4",
                                      "create compute instance 3g.20gb at 0:3 in 3g.20gb at 4:4"}));
  store::Names names;
  names.set("GPU-0", t.gpus[0].made_before);
  std::vector<store::Transaction> history;
  recover_in(recovery, inventory, names, history);
  ASSERT_EQ(inventory.gpus[0].state.mig.partition.instances.size(), 1U);
  EXPECT_EQ(inventory.gpus[0].state.mig.partition.instances[0].id, mig::GiId{unknown_id});
  EXPECT_EQ(inventory.gpus[0].made[0].name, "keep");
}

TEST(Recovery, ACompleteChangeIsRecorded) {
  const auto t = second_half();
  auto inventory = showing(t.gpus[0].after);
  const auto recovery = foresee_recovery(inventory, t);
  EXPECT_TRUE(recovery.complete);
  EXPECT_TRUE(recovery.plan.empty());
  store::Names names;
  names.set("GPU-0", t.gpus[0].made_before);
  std::vector<store::Transaction> history;
  recover_in(recovery, inventory, names, history);
  EXPECT_EQ(inventory.gpus[0].made.size(), 2U);
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].number, 2U);
  EXPECT_EQ(history[0].outcome, store::Outcome::done);
}

TEST(Recovery, ACompletedUndoMarksTheChangeThatItUndid) {
  auto t = second_half();
  t.number = 3;
  t.undoes = 1;
  store::Transaction first;
  first.number = 1;
  first.outcome = store::Outcome::done;
  std::vector<store::Transaction> history = {first};
  auto inventory = showing(t.gpus[0].after);
  store::Names names;
  recover_in(foresee_recovery(inventory, t), inventory, names, history);
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].outcome, store::Outcome::undone);
}

TEST(Recovery, AClientInAnInstanceToDestroyMakesItRemain) {
  const auto t = second_half();
  auto half_done = t.gpus[0].after;
  half_done.mig.partition.instances[0].compute.clear();
  auto inventory = showing(half_done);
  model::Client client;
  client.pid = 4711;
  client.command = "train";
  client.gi = mig::GiId{2};
  client.ci = mig::CiId{0};
  inventory.gpus[0].clients.push_back(client);
  const auto recovery = foresee_recovery(inventory, t);
  ASSERT_EQ(recovery.remains.size(), 1U);
  EXPECT_EQ(recovery.remains[0].message(),
            "GPU 0: cannot destroy compute instance 3g.20gb at 0:3 in 3g.20gb at 0:4: in use by process 4711 (train)");
}

TEST(Recovery, ALostPendingSwitchIsStillToDo) {
  store::GpuRecord record;
  record.uuid = "GPU-0";
  record.before.mig.mode = false;
  record.before.mig.pending = true;
  auto gpu = a100();
  gpu.state.mig.mode = gpu.state.mig.pending = false;
  EXPECT_EQ(still_to_do(gpu, record), "MIG mode on was pending and no longer is");
  gpu.state.mig.pending = true;
  EXPECT_EQ(still_to_do(gpu, record), "disable MIG mode") << "the planner does not plan pending switches";
}

TEST(Recovery, UndoUndoesOneChangeWhateverTheRecoveryDid) {
  auto change = second_half();
  EXPECT_TRUE(undo_ends_with(change, false)) << "the rollback is the undo";
  EXPECT_FALSE(undo_ends_with(change, true)) << "a complete change is undone like any other";
  change.undoes = 1;
  EXPECT_TRUE(undo_ends_with(change, true)) << "a complete undo has undone its change";
  EXPECT_FALSE(undo_ends_with(change, false)) << "an undo that was rolled back has undone nothing yet";
}

TEST(Recovery, AMissingGpuRemains) {
  const auto t = second_half();
  model::Inventory empty;
  const auto recovery = foresee_recovery(empty, t);
  ASSERT_EQ(recovery.remains.size(), 1U);
  EXPECT_EQ(recovery.remains[0].message(), "GPU 0 (GPU-0) is missing");
}

}  // namespace
}  // namespace gpuslice::ops
