#include "ops/effects.hpp"

#include <gtest/gtest.h>

#include "base/testing/temp_dir.hpp"
#include "node/testing/fake_node.hpp"
#include "ops/testing/some_gpus.hpp"

namespace gpuslice::ops {
namespace {

using testing::divided_a100;
using Of = DeviceNode::Of;
constexpr GpuIndex first{0};
const mig::GiId gi{2};
const mig::CiId ci{1};

std::vector<std::string> texts(const std::vector<Instance>& all) {
  std::vector<std::string> made;
  for (const auto& one : all)
    made.push_back(path_text({one.gpu, one.gi, one.ci}) + " " + one.gi_profile + "/" + one.ci_profile + " " + one.name +
                   " " + one.uuid);
  return made;
}

TEST(Effects, InstancesHaveIdsProfilesNamesAndUuids) {
  EXPECT_EQ(texts(instances_of(divided_a100(0))),
            (std::vector<std::string>{"0:1 3g.20gb/ train ", "0:1/0 3g.20gb/1c a MIG-0-1-0",
                                      "0:1/1 3g.20gb/1c b MIG-0-1-1", "0:7 1g.5gb/  ", "0:7/0 1g.5gb/1c  MIG-0-7-0"}));
}

TEST(Effects, WhatIsNewIsCreatedAndWhatIsGoneDestroyed) {
  const auto before = divided_a100(0);
  EXPECT_EQ(effects_between(before, before, "new").created, std::vector<Instance>{});
  auto after = before;
  auto& instances = after.state.mig.partition.instances;
  const auto foreign = instances[1];
  instances = {};
  instances.push_back(foreign);
  EXPECT_EQ(texts(effects_between(before, after, "").destroyed),
            (std::vector<std::string>{"0:1 3g.20gb/ train ", "0:1/0 3g.20gb/1c a MIG-0-1-0",
                                      "0:1/1 3g.20gb/1c b MIG-0-1-1"}));
  const auto back = effects_between(after, before, "new");
  EXPECT_EQ(back.destroyed, std::vector<Instance>{});
  ASSERT_EQ(back.created.size(), 3U);
  EXPECT_EQ(back.created[0].name, "new");
}

TEST(Effects, TheSameIdAtAnotherPlacementIsAnotherInstance) {
  const auto before = divided_a100(0);
  auto after = before;
  after.state.mig.partition.instances[1].placement = {1, 1};
  const auto effects = effects_between(before, after, "");
  EXPECT_EQ(effects.created.size(), 2U);
  EXPECT_EQ(effects.destroyed.size(), 2U);
}

// A host whose GPU 0 has minor number 3.
class DeviceNodes : public ::testing::Test {
 protected:
  DeviceNodes() {
    node_.gpus.resize(1);
    node_.gpus[0].readings.insert_or_assign(fields::Reading::minor_number, fields::Value(std::uint64_t{3}));
    root_.write("proc/devices", "Character devices:\n195 nvidia\n510 nvidia-caps\n\nBlock devices:\n  7 loop\n");
    root_.write(capabilities + "/gi2/access", "DeviceFileMinor: 426\nDeviceFileMode: 292\nDeviceFileModify: 1\n");
    root_.write(capabilities + "/gi2/ci1/access", "DeviceFileMinor: 428\nDeviceFileMode: 292\nDeviceFileModify: 1\n");
  }
  const std::string capabilities = "proc/driver/nvidia/capabilities/gpu3/mig";
  node::testing::FakeNode node_;
  gpuslice::testing::TempDir root_;
};

TEST_F(DeviceNodes, AreTheGpusAndThoseOfTheCapabilities) {
  const auto nodes = device_nodes(node_, root_.path(), first, gi, ci);
  ASSERT_TRUE(nodes);
  EXPECT_EQ(*nodes, (std::vector<DeviceNode>{{Of::gpu, "/dev/nvidia3", 195, 3},
                                             {Of::gpu_instance, "/dev/nvidia-caps/nvidia-cap426", 510, 426},
                                             {Of::compute_instance, "/dev/nvidia-caps/nvidia-cap428", 510, 428}}));
  EXPECT_EQ(device_nodes(node_, root_.path(), first, gi, {})->size(), 2U);
  EXPECT_EQ(device_nodes(node_, root_.path(), first, {}, {})->size(), 1U);
}

TEST_F(DeviceNodes, AreUnknownWhereTheyCannotBeRead) {
  EXPECT_FALSE(device_nodes(node_, root_.path(), first, mig::GiId{5}, {}));
  EXPECT_FALSE(device_nodes(node_, root_.path(), first, gi, mig::CiId{0}));
  root_.write(capabilities + "/gi2/access", "DeviceFileMinor: many\n");
  EXPECT_FALSE(device_nodes(node_, root_.path(), first, gi, {}));
  node_.gpus[0].readings.insert_or_assign(fields::Reading::minor_number, std::unexpected(node::DriverError{}));
  EXPECT_FALSE(device_nodes(node_, root_.path(), first, {}, {}));
}

TEST_F(DeviceNodes, WithoutAMajorNumberHaveTheMinor) {
  root_.write("proc/devices", "Character devices:\n195 nvidia-frontend\n");
  const auto nodes = device_nodes(node_, root_.path(), first, gi, {});
  ASSERT_TRUE(nodes);
  EXPECT_EQ((*nodes)[0].major, 195U) << "as older drivers call it";
  EXPECT_EQ((*nodes)[1].major, std::nullopt);
  EXPECT_EQ((*nodes)[1].minor, 426U);
}

}  // namespace
}  // namespace gpuslice::ops
