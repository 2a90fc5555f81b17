#include "doctor/testing/facts.hpp"

namespace gpuslice::doctor {
namespace {

using testing::client;
using testing::found;
using testing::healthy;
using testing::hints;
using testing::Words;

TEST(EmptyInstance, OfAnotherProgramOrOfGpuslice) {
  auto facts = healthy();
  testing::add_instance(facts, false);
  testing::restore_at_boot(facts);
  EXPECT_EQ(found(facts), Words{"empty-instance GPU 0: GPU instance 0 (7g.40gb at 0:8) has no compute instance"});
  EXPECT_EQ(hints(facts), Words{"sudo nvidia-smi mig -i 0 -gi 0 -cci"});
  EXPECT_FALSE(testing::outcome_of(facts, "empty-instance").findings[0].fixable);
  const auto& gi = *facts.gpus[0].gpu.state.mig.partition.instances.begin();
  facts.gpus[0].gpu.made = {{gi.placement, gi.profile, "train", {}}};
  EXPECT_EQ(hints(facts), Words{"gpuslice doctor --fix --only empty-instance"});
  EXPECT_TRUE(testing::outcome_of(facts, "empty-instance").findings[0].fixable);
}

TEST(MigUnused, WithoutInstances) {
  auto facts = healthy();
  facts.gpus[0].gpu.state.mig.mode = facts.gpus[0].gpu.state.mig.pending = true;
  EXPECT_EQ(found(facts), Words{"mig-unused GPU 0: MIG mode is on, and there is no instance"});
  EXPECT_EQ(hints(facts), Words{"gpuslice profiles --gpu 0"});
}

TEST(Processes, OnTheWholeGpuPreventInstances) {
  auto facts = healthy();
  facts.gpus[0].gpu.clients = {client(2019, "/usr/lib/xorg/Xorg")};
  EXPECT_EQ(found(facts), Words{}) << "MIG mode is off";
  facts.gpus[0].gpu.state.mig.mode = facts.gpus[0].gpu.state.mig.pending = true;
  EXPECT_EQ(found(facts), Words{"processes GPU 0: MIG mode is on, and Xorg (2019) uses the whole GPU"})
      << "the missing instances have the same cause";
  EXPECT_EQ(hints(facts), Words{"sudo systemctl stop display-manager"});
}

TEST(Processes, OnMigDevicesAreFine) {
  auto facts = healthy();
  testing::add_instance(facts);
  testing::restore_at_boot(facts);
  facts.gpus[0].gpu.clients = {client(7, "python", mig::GiId{0})};
  EXPECT_EQ(found(facts), Words{});
}

TEST(Interrupted, SaysWhichChange) {
  auto facts = healthy();
  facts.interrupted = Interrupted{7, "apply", "alice"};
  EXPECT_EQ(found(facts), Words{"interrupted node: change 7 (apply of alice) was interrupted"});
  EXPECT_EQ(hints(facts), Words{"gpuslice recover"});
  testing::add_instance(facts, false);
  testing::restore_at_boot(facts);
  facts.in_change = {GpuIndex{0}};
  EXPECT_EQ(found(facts).size(), 1u) << "the empty instance has the same cause";
  facts.interrupted.reset();
  facts.changing = true;
  EXPECT_EQ(found(facts), Words{});
  EXPECT_EQ(testing::outcome_of(facts, "interrupted").state, State::skipped);
}

}  // namespace
}  // namespace gpuslice::doctor
