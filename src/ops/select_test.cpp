#include "ops/select.hpp"

#include <gtest/gtest.h>

#include "node/testing/fake_node.hpp"
#include "ops/testing/some_gpus.hpp"

namespace gpuslice::ops {
namespace {

using testing::divided_a100;
using testing::gpu_of;

std::vector<std::uint32_t> indices(const Result<SelectedGpus>& selected) {
  std::vector<std::uint32_t> all;
  if (selected)
    for (const auto* gpu : *selected) all.push_back(gpu->index.value);
  return all;
}
using Indices = std::vector<std::uint32_t>;

TEST(Select, GpusAreFoundByAnyIdentifierOnceInInventoryOrder) {
  const model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), gpu_of("a100-40gb", 1), gpu_of("a30", 2)}};
  EXPECT_EQ(indices(select_gpus(inventory, {"2", "GPU-0", "0", "10:00.0"})), (Indices{0, 2}));
  EXPECT_EQ(indices(select_gpus(inventory, {"all"})), (Indices{0, 1, 2}));
  EXPECT_EQ(indices(select_gpus(inventory, {})), Indices{});
  const auto none = select_gpus(inventory, {"0", "3"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  EXPECT_EQ(none.error().message(), "GPU 3: does not exist; GPUs on the node: 3");
}

TEST(Select, AnUnreadableGpuIsFoundOnlyByIndexAndRefused) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), {}}};
  inventory.gpus[1].index = GpuIndex{1};
  inventory.gpus[1].problem = "fell off the bus";
  EXPECT_EQ(indices(select_gpus(inventory, {"0"})), Indices{0});
  for (const char* word : {"1", "all"}) {
    const auto lost = select_gpus(inventory, {word});
    ASSERT_FALSE(lost) << word;
    EXPECT_EQ(lost.error().kind, ErrorKind::unknown) << word;
    EXPECT_EQ(lost.error().message(), "GPU 1: fell off the bus") << word;
  }
  EXPECT_EQ(select_gpus(inventory, {""}).error().kind, ErrorKind::not_found);
}

TEST(Select, AllSkipsGpusWithoutMigIfAnyHasMig) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), gpu_of("a100-40gb", 1)}};
  inventory.gpus[1].capability.mode.supported = false;
  EXPECT_EQ(indices(select_mig_gpus(inventory, {"all"})), Indices{0});
  EXPECT_EQ(indices(select_mig_gpus(inventory, {"all", "1"})), (Indices{0, 1})) << "GPU 1 was named";
  inventory.gpus[0].capability.mode.supported = false;
  EXPECT_EQ(indices(select_mig_gpus(inventory, {"all"})), (Indices{0, 1}));
}

std::string answer(const model::Inventory& inventory, const std::string& word) {
  const auto found = select_instance(inventory, word);
  if (!found) return found.error().message();
  auto text = std::to_string(found->gpu->index.value) + " gi " + std::to_string(found->gi.value);
  if (found->ci) text += " ci " + std::to_string(found->ci->value);
  return text;
}

TEST(Select, AnInstanceIsFoundByNamePathOrUuid) {
  const model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), divided_a100(1)}};
  EXPECT_EQ(answer(inventory, "train"), "1 gi 1");
  EXPECT_EQ(answer(inventory, "train/b"), "1 gi 1 ci 1");
  EXPECT_EQ(answer(inventory, "b"), "1 gi 1 ci 1");
  EXPECT_EQ(answer(inventory, "1:7"), "1 gi 7");
  EXPECT_EQ(answer(inventory, "1:1/0"), "1 gi 1 ci 0");
  EXPECT_EQ(answer(inventory, "MIG-1-7-0"), "1 gi 7 ci 0");
}

TEST(Select, MissingObjectsAreReported) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0), divided_a100(1)}};
  EXPECT_EQ(answer(inventory, "2:0"), "2:0: there is no GPU 2");
  EXPECT_EQ(answer(inventory, "0:1"), "0:1: GPU 0 has no GPU instance 1");
  EXPECT_EQ(answer(inventory, "1:1/2"), "1:1/2: GPU instance 1 of GPU 1 has no compute instance 2");
  EXPECT_EQ(answer(inventory, "MIG-0"), "MIG-0: there is no such MIG device");
  EXPECT_EQ(answer(inventory, "trian"), "trian: no instance has that name; nearest names: train");
  EXPECT_EQ(answer(inventory, "1"), "1: no instance has that name") << "it is the index of a GPU";
  inventory.gpus[0].problem = "fell off the bus";
  EXPECT_EQ(answer(inventory, "0:1"), "GPU 0: fell off the bus");
}

TEST(Select, AnAmbiguousNameSelectsNoInstance) {
  const model::Inventory inventory{"580", {divided_a100(0), divided_a100(1)}};
  const auto both = select_instances(inventory, {"0:7", "train/a"});
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().kind, ErrorKind::usage);
  EXPECT_EQ(both.error().message(), "train/a: 2 instances have that name: 0:1/0, 1:1/0");
  EXPECT_EQ(select_instances(inventory, {"0:7", "1:1"})->size(), 2U);
}

TEST(Select, GpusOfAnUnreadNodeAreFound) {
  node::testing::FakeNode node;
  node.gpus.resize(2);
  node.gpus[1].uuid = "GPU-22222222-2222-3333-4444-555555555555";
  const std::vector<GpuIndex> both{GpuIndex{0}, GpuIndex{1}}, second{GpuIndex{1}};
  EXPECT_EQ(*select_node_gpus(node, {}), both);
  EXPECT_EQ(*select_node_gpus(node, {"all"}), both);
  EXPECT_EQ(*select_node_gpus(node, {node.gpus[1].uuid, "1"}), second);
  const auto mig = select_node_gpus(node, {"MIG-1"});
  ASSERT_FALSE(mig);
  EXPECT_EQ(mig.error().kind, ErrorKind::usage);
  EXPECT_EQ(mig.error().message(), "MIG-1: is a MIG device, and figures are for whole GPUs");
  const auto none = select_node_gpus(node, {"0", "2"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  EXPECT_EQ(none.error().message(), "2: no such GPU; the node has 2; use an index, a full UUID or a PCI address");
}

}  // namespace
}  // namespace gpuslice::ops
