#include "ops/standing.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "ops/testing/some_gpus.hpp"
#include "plan/as_layout.hpp"

namespace gpuslice::ops {
namespace {

using testing::divided_a100;
using testing::gpu_of;
using State = Standing::State;

const model::GiSeat train{mig::GiProfileId{9}, {4, 4}};
const model::GiSeat foreign{mig::GiProfileId{19}, {0, 1}};

model::Layout layout_of(std::vector<model::WantedGi> instances) {
  model::GpuEntry entry;
  entry.mig = true;
  entry.instances = std::move(instances);
  model::Layout layout;
  layout.gpus.push_back(entry);
  return layout;
}
// The 3g.20gb of divided_a100 with these names.
model::WantedGi train_as(const std::string& name, const std::string& a, const std::string& b) {
  model::WantedGi gi{name, "3g.20gb", mig::Placement{4, 4}, {}, {}};
  gi.compute.emplace();
  gi.compute->push_back({a, "1c", mig::Placement{0, 1}, {}});
  gi.compute->push_back({b, "1c", mig::Placement{1, 1}, {}});
  return gi;
}
const Standing* of(const GpuStanding& gpu, const model::GiSeat& seat) {
  for (const auto& one : gpu.objects)
    if (const auto* gi = std::get_if<Standing::Gi>(&one.object); gi != nullptr && gi->seat == seat) return &one;
  return nullptr;
}
std::vector<State> states(const GpuStanding& gpu) {
  std::vector<State> all;
  for (const auto& one : gpu.objects) all.push_back(one.state);
  return all;
}
// A change that created the 3g.20gb, or destroyed it.
store::Transaction change_of_train(std::uint64_t number, const std::string& name, bool destroys = false) {
  const auto there = divided_a100(0);
  store::GpuRecord record;
  record.uuid = there.uuid;
  record.before.mig.mode = record.before.mig.pending = record.after.mig.mode = record.after.mig.pending = true;
  auto& with = destroys ? record.before : record.after;
  with.mig.partition.instances.push_back(there.state.mig.partition.instances[0]);
  (destroys ? record.made_before : record.made_after) = {{train.placement, train.profile, name, {}}};
  store::Transaction t;
  t.number = number;
  t.verb = destroys ? "destroy" : "apply";
  t.started = "2026-11-21T00:00:0" + std::to_string(number) + "Z";
  t.outcome = store::Outcome::done;
  t.gpus.push_back(record);
  return t;
}

TEST(Standing, ListsEveryObjectOfALayoutThatMatches) {
  const model::Inventory inventory{"580", {divided_a100(0), gpu_of("a100-40gb", 1)}};
  const auto gpus = standing_of(inventory, *plan::as_layout(inventory, plan::SelectBy::index), {});
  ASSERT_EQ(gpus.size(), 2U);
  // The mode, 1g.5gb with its compute instance, 3g.20gb with two.
  EXPECT_EQ(states(gpus[0]), std::vector<State>(6, State::ok));
  EXPECT_EQ(states(gpus[1]), std::vector<State>{State::ok});
  EXPECT_TRUE(gpus[0].matches() && gpus[1].matches());
}

TEST(Standing, AnInstanceOfAnotherProgramIsNoDriftUnlessTheLayoutRemovesIt) {
  const model::Inventory inventory{"580", {divided_a100(0)}};
  auto layout = layout_of({train_as("train", "a", "b")});
  auto gpus = standing_of(inventory, layout, {});
  ASSERT_NE(of(gpus[0], foreign), nullptr);
  EXPECT_EQ(of(gpus[0], foreign)->state, State::foreign);
  EXPECT_TRUE(gpus[0].matches());
  layout.gpus[0].foreign = model::Foreign::remove;
  gpus = standing_of(inventory, layout, {});
  EXPECT_EQ(of(gpus[0], foreign)->state, State::extra);
  EXPECT_FALSE(gpus[0].matches());
}

TEST(Standing, WhatGpusliceCreatedAndTheLayoutDoesNotNameIsExtra) {
  const auto gpus = standing_of({"580", {divided_a100(0)}}, layout_of({}), {});
  EXPECT_EQ(of(gpus[0], train)->state, State::extra);
  EXPECT_EQ(std::get<Standing::Gi>(of(gpus[0], train)->object).actual_name, "train");
}

TEST(Standing, AMissingInstanceAndAnotherName) {
  auto gpu = divided_a100(0);
  auto wanted = train_as("other", "a", "b");
  auto gpus = standing_of({"580", {gpu}}, layout_of({wanted}), {});
  EXPECT_EQ(of(gpus[0], train)->state, State::different);
  gpu.state.mig.partition.instances.erase(gpu.state.mig.partition.instances.begin());
  gpu.made.clear();
  gpus = standing_of({"580", {gpu}}, layout_of({wanted}), {});
  EXPECT_EQ(of(gpus[0], train)->state, State::missing);
  EXPECT_EQ(std::get<Standing::Gi>(of(gpus[0], train)->object).declared_name, "other");
}

TEST(Standing, WithoutTheNamesOnlyTheyAreUnknown) {
  auto gpu = divided_a100(0);
  gpu.made.clear();
  gpu.made_known = false;
  const auto gpus = standing_of({"580", {gpu}}, layout_of({train_as("train", "", "")}), {});
  EXPECT_EQ(of(gpus[0], train)->state, State::unknown);
  EXPECT_EQ(of(gpus[0], foreign)->state, State::unknown);
  EXPECT_TRUE(gpus[0].unknown());
}

TEST(Standing, ObjectsAreListedWhereTheLayoutCannotBeCreated) {
  // 1g.5gb of another program is in the way of 4g.20gb at 0:4.
  model::WantedGi four{"four", "4g.20gb", mig::Placement{0, 4}, {}, {}};
  const auto gpus = standing_of({"580", {divided_a100(0)}}, layout_of({train_as("train", "a", "b"), four}), {});
  ASSERT_TRUE(gpus[0].reason);
  EXPECT_EQ(gpus[0].reason->kind, ErrorKind::refused);
  EXPECT_EQ(of(gpus[0], train)->state, State::ok);
  EXPECT_EQ(of(gpus[0], {mig::GiProfileId{5}, {0, 4}})->state, State::missing);
  EXPECT_FALSE(gpus[0].matches());
}

TEST(Standing, SinceTheRecordedChangeThatLeftItSo) {
  auto gpu = divided_a100(0);
  const auto layout = layout_of({train_as("train", "a", "b")});
  auto gpus =
      standing_of({"580", {gpu}}, layout,
                  {change_of_train(1, "train"), change_of_train(2, "train", true), change_of_train(3, "train")});
  ASSERT_TRUE(of(gpus[0], train)->since);
  EXPECT_EQ(*of(gpus[0], train)->since, (Since{3, "apply", "2026-11-21T00:00:03Z"}));
  EXPECT_FALSE(of(gpus[0], foreign)->since) << "another program created it";

  gpu.state.mig.partition.instances.erase(gpu.state.mig.partition.instances.begin());
  gpu.made.clear();
  gpus = standing_of({"580", {gpu}}, layout, {change_of_train(1, "train"), change_of_train(2, "train", true)});
  EXPECT_EQ(of(gpus[0], train)->since->change, 2U);
  gpus = standing_of({"580", {gpu}}, layout, {change_of_train(1, "train")});
  EXPECT_FALSE(of(gpus[0], train)->since) << "no recorded change removed it";
}

TEST(Standing, GpusThatAreAbsentOrUnreadable) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0)}};
  auto layout = layout_of({});
  layout.gpus[0].selector.uuid = {"GPU-0", "GPU-5"};
  auto gpus = standing_of(inventory, layout, {});
  ASSERT_EQ(gpus.size(), 2U);
  EXPECT_FALSE(gpus[1].gpu);
  EXPECT_EQ(gpus[1].reason->kind, ErrorKind::not_found);
  EXPECT_FALSE(gpus[1].unknown());

  auto& unread = inventory.gpus.emplace_back();
  unread.index = GpuIndex{1};
  unread.problem = "GPU is lost";
  gpus = standing_of(inventory, layout_of({}), {});
  ASSERT_EQ(gpus.size(), 2U);
  EXPECT_TRUE(gpus[1].unknown());
  EXPECT_TRUE(gpus[1].objects.empty());
}

TEST(Standing, SettingsThatAreDeclared) {
  auto gpu = gpu_of("a100-40gb", 0);
  gpu.state.compute_mode = model::ComputeMode::shared;
  auto layout = layout_of({});
  layout.gpus[0].mig = false;
  layout.gpus[0].compute_mode = model::ComputeMode::exclusive_process;
  layout.gpus[0].time_slice = model::TimeSlice::brief;
  auto gpus = standing_of({"580", {gpu}}, layout, {});
  EXPECT_EQ(states(gpus[0]), (std::vector<State>{State::ok, State::different, State::unknown}));
  EXPECT_EQ(std::get<Standing::Setting>(gpus[0].objects[1].object),
            (Standing::Setting{"compute mode", "Exclusive_Process", "Default"}));
  gpu.state.compute_mode = model::ComputeMode::exclusive_process;
  gpu.state.time_slice = model::TimeSlice::brief;
  gpus = standing_of({"580", {gpu}}, layout, {});
  EXPECT_TRUE(gpus[0].matches());
}

}  // namespace
}  // namespace gpuslice::ops
