// The observed state of a node: from its driver, and from the catalogue if the driver does not report it.
#include "ops/observe.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "node/testing/fake_node.hpp"

namespace gpuslice::ops {
namespace {

using node::testing::FakeNode;

FakeNode a100() {
  FakeNode node;
  node.gpus[0].name = "NVIDIA A100-SXM4-40GB";
  node.gpus[0].profiles = node::testing::a100_40_profiles();
  node.gpus[0].mig = {true, true};
  return node;
}

Result<model::Inventory> seen_on(node::Node& node, Ask ask = Ask::all) {
  Workers workers(std::shared_ptr<node::Node>(std::shared_ptr<void>{}, &node), std::chrono::seconds(60));
  return observe(workers, ask);
}

TEST(Observe, TheCatalogueCompletesTheDriversFigures) {
  auto node = a100();
  node.gpus[0].profiles[0].info.memory_mib = 4711;
  const auto seen = seen_on(node);
  ASSERT_TRUE(seen) << seen.error().message();
  const auto& gpu = seen->gpus[0];
  EXPECT_EQ(gpu.product, "a100-40gb");
  EXPECT_EQ(gpu.capability.find("1g.5gb")->memory_mib, 4711U);
  EXPECT_EQ(gpu.capability.find("3g.20gb")->compute.size(), 3U);
  EXPECT_TRUE(gpu.capability.mode.switch_resets);
  EXPECT_EQ(gpu.capability.grid, 8);
}

TEST(Observe, AnUnknownProductIsReadFromTheDriver) {
  auto node = a100();
  node.gpus[0].name = "NVIDIA FUTURE 1";
  const auto seen = seen_on(node);
  ASSERT_TRUE(seen);
  const auto& capability = seen->gpus[0].capability;
  EXPECT_EQ(seen->gpus[0].product, "");
  EXPECT_EQ(capability.grid, 8);
  EXPECT_EQ(capability.compute_slices, 7);
  ASSERT_NE(capability.find("3g.20gb"), nullptr);
  ASSERT_EQ(capability.find("3g.20gb")->compute.size(), 1U)
      << "only the profile that uses the whole instance is certain";
  EXPECT_EQ(capability.find("3g.20gb")->compute[0].id, mig::CiProfileId{2});
  EXPECT_EQ(capability.find("7g.40gb")->compute[0].id, mig::CiProfileId{4});

  // Once an instance exists, the driver reports what fits into it.
  ASSERT_TRUE(node.mig().create_gi(GpuIndex{0}, mig::GiProfileId{9}, mig::Placement{4, 4}));
  const auto again = seen_on(node);
  EXPECT_GT(again->gpus[0].capability.find("3g.20gb")->compute.size(), 1U);
}

TEST(Observe, InstancesDevicesAndClientsAreRead) {
  auto node = a100();
  ASSERT_TRUE(node.mig().create_gi(GpuIndex{0}, mig::GiProfileId{9}, mig::Placement{4, 4}));
  ASSERT_TRUE(node.mig().create_ci(GpuIndex{0}, mig::GiId{1}, mig::CiProfileId{2}, mig::Placement{0, 3}));
  node::Process process;
  process.pid = static_cast<std::uint32_t>(::getpid());
  process.name = "train";
  process.kinds = static_cast<unsigned>(node::ProcessKind::compute) | static_cast<unsigned>(node::ProcessKind::mps);
  process.gi = 1;
  process.ci = 0;
  node.gpus[0].processes = {process};
  const auto seen = seen_on(node);
  ASSERT_TRUE(seen);
  const auto& gpu = seen->gpus[0];
  ASSERT_EQ(gpu.state.mig.partition.instances.size(), 1U);
  EXPECT_EQ(gpu.state.mig.partition.instances[0].placement, (mig::Placement{4, 4}));
  ASSERT_EQ(gpu.devices.size(), 1U);
  EXPECT_EQ(gpu.devices[0].gi, mig::GiId{1});
  ASSERT_EQ(gpu.clients.size(), 1U);
  EXPECT_EQ(gpu.clients[0].gi, mig::GiId{1});
  EXPECT_EQ(gpu.clients[0].kinds, (model::ClientKinds{.compute = true, .graphics = false, .mps = true}));
  EXPECT_FALSE(gpu.clients[0].user.empty()) << "the user of a process of this host is known";
}

TEST(Observe, AnUnreadableGpuIsListedWithItsProblem) {
  auto node = a100();
  node.gpus.push_back(node.gpus[0]);
  node.gpus[1].refuse_mig_mode = node::err_gpu_is_lost;
  const auto seen = seen_on(node);
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->gpus.size(), 2U);
  EXPECT_EQ(seen->gpus[0].problem, "");
  EXPECT_TRUE(seen->gpus[1].problem.starts_with("cannot read the MIG mode: the driver answers "))
      << seen->gpus[1].problem;
  EXPECT_EQ(seen->gpus[1].uuid, "");
}

// Another program destroys a GPU instance between two calls about it.
class Vanishing : public FakeNode {
 public:
  using FakeNode::FakeNode;
  explicit Vanishing(const FakeNode& other) : FakeNode(other) {}
  node::Answer<std::vector<node::CiInfo>> compute_instances(GpuIndex, mig::GiId, mig::CiProfileId) override {
    return std::unexpected(node::DriverError{node::err_not_found, "Not Found"});
  }
};

TEST(Observe, AnInstanceThatDisappearsLeavesTheGpuReadable) {
  auto node = a100();
  ASSERT_TRUE(node.mig().create_gi(GpuIndex{0}, mig::GiProfileId{9}, mig::Placement{4, 4}));
  Vanishing vanishing(node);
  const auto seen = seen_on(vanishing);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->gpus[0].problem, "");
  ASSERT_EQ(seen->gpus[0].state.mig.partition.instances.size(), 1U);
  EXPECT_TRUE(seen->gpus[0].state.mig.partition.instances[0].compute.empty());
}

TEST(Observe, NamesOfDestroyedInstancesAreRemoved) {
  model::GpuState state;
  mig::GpuInstance gi;
  gi.profile = mig::GiProfileId{9};
  gi.placement = {4, 4};
  gi.compute.push_back({mig::CiId{0}, mig::CiProfileId{0}, {0, 1}});
  state.mig.partition.instances.push_back(gi);
  const std::vector<model::NamedGi> made = {
      {{4, 4}, mig::GiProfileId{9}, "stays", {{{0, 1}, mig::CiProfileId{0}, "a"}, {{1, 1}, mig::CiProfileId{0}, "b"}}},
      {{0, 4}, mig::GiProfileId{9}, "gone", {}},
      {{4, 4}, mig::GiProfileId{5}, "another profile", {}}};
  const auto left = still_standing(state, made);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].name, "stays");
  ASSERT_EQ(left[0].compute.size(), 1U);
  EXPECT_EQ(left[0].compute[0].name, "a");
}

// Counts the calls about profiles.
class Counting : public FakeNode {
 public:
  node::Answer<std::vector<node::GiProfileInfo>> gi_profiles(GpuIndex gpu) override {
    ++asked;
    return FakeNode::gi_profiles(gpu);
  }
  int asked{};
};

TEST(Observe, ProfilesAreReadOnlyIfTheyMatter) {
  Counting node;
  node.gpus[0].name = "NVIDIA A100-SXM4-40GB";
  node.gpus[0].profiles = node::testing::a100_40_profiles();
  ASSERT_TRUE(seen_on(node, Ask::what_stands));
  EXPECT_EQ(node.asked, 0) << "with MIG off there are no instances";
  ASSERT_TRUE(seen_on(node));
  EXPECT_EQ(node.asked, 1);
  node.gpus[0].mig = {true, true};
  ASSERT_TRUE(seen_on(node, Ask::what_stands));
  EXPECT_EQ(node.asked, 2);
}

}  // namespace
}  // namespace gpuslice::ops
