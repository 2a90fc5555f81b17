#include "ops/devices.hpp"

#include <gtest/gtest.h>

#include "ops/testing/some_gpus.hpp"

namespace gpuslice::ops {
namespace {

using testing::divided_a100;
using testing::gpu_of;

// A divided A100 (3g "train" with compute instances "a" and "b"; a foreign 1g), and one without MIG.
model::Inventory two_gpus() { return {"580", {divided_a100(0), gpu_of("a100-40gb", 1)}}; }

// "0:1/0 train/a MIG-0-1-0" of each device that the word names.
std::vector<std::string> named(const std::vector<UsableDevice>& all, const std::string& word) {
  std::vector<std::string> texts;
  for (const auto& one : matching(all, parse_device_word(word).value())) {
    const auto& device = one.device;
    texts.push_back(path_text({device.gpu, device.gi, device.ci}) + " " + device.name + " " + device.uuid);
  }
  return texts;
}
using Texts = std::vector<std::string>;

TEST(Devices, AreGpusAndTheirMigDevices) {
  const auto all = devices_of(two_gpus());
  ASSERT_EQ(all.size(), 5U);
  EXPECT_TRUE(all[0].mig_mode);
  EXPECT_TRUE(all[0].device.whole());
  EXPECT_EQ(all[1].device.name, "train/a");
  EXPECT_EQ(all[1].device.gi_profile, "3g.20gb");
  EXPECT_EQ(all[1].device.ci_profile, "1c");
  EXPECT_EQ(all[1].device.mig_index, 0U);
  EXPECT_EQ(all[3].device.name, "") << "nobody named it";
  EXPECT_FALSE(all[4].mig_mode);
}

TEST(Devices, AComputeInstanceThatIsAloneHasTheNameOfItsGpuInstance) {
  auto gpu = divided_a100(0);
  auto& compute = gpu.state.mig.partition.instances[0].compute;
  const auto first = compute[0];
  compute = {};
  compute.push_back(first);
  gpu.made[0].compute.clear();
  EXPECT_EQ(devices_of({"580", {gpu}})[1].device.name, "train");
}

TEST(Devices, OfAGpuThatCannotBeReadThereAreNone) {
  auto inventory = two_gpus();
  inventory.gpus[0].problem = "fell off the bus";
  EXPECT_EQ(devices_of(inventory).size(), 1U);
}

TEST(Devices, HaveTheProcessesThatUseThem) {
  auto inventory = two_gpus();
  inventory.gpus[0].clients = {{7, "alice", "python", {}, mig::GiId{1}, mig::CiId{1}}};
  inventory.gpus[1].clients = {{8, "bob", "sleep", {}, {}, {}}};
  const auto all = devices_of(inventory);
  EXPECT_TRUE(all[0].clients.empty());
  EXPECT_TRUE(all[1].clients.empty());
  ASSERT_EQ(all[2].clients.size(), 1U);
  EXPECT_EQ(all[2].clients[0].pid, 7U);
  EXPECT_EQ(all[4].clients.size(), 1U);
}

TEST(Devices, AreNamedInManyForms) {
  const auto all = devices_of(two_gpus());
  const std::string a = "0:1/0 train/a MIG-0-1-0", b = "0:1/1 train/b MIG-0-1-1", foreign = "0:7/0  MIG-0-7-0";
  const std::pair<const char*, Texts> forms[] = {
      {"0", {"0  GPU-0"}},
      {"0:1", {a, b}},
      {"0:1/1", {b}},
      {"0:2", {}},
      {"2", {}},
      {"train", {a, b}},
      {"train/a", {a}},
      {"a", {a}},
      {"gpuslice/gpu=train.b", {b}},
      {"nvidia.com/gpu=0:2", {foreign}},
      {"MIG-0-7", {foreign}},
      {"MIG-0-1", {a, b}},
      {"GPU-1", {"1  GPU-1"}},
      {"MIG-GPU-0/1/1", {b}},
      {"11:00.0", {"1  GPU-1"}},
      {"nobody", {}},
  };
  for (const auto& [word, expected] : forms) EXPECT_EQ(named(all, word), expected) << word;
}

TEST(Devices, AWholeUuidIsNotTheBeginningOfAnother) {
  auto all = devices_of(two_gpus());
  all[4].device.uuid = "GPU-01";
  EXPECT_EQ(named(all, "GPU-0"), (Texts{"0  GPU-0"}));
}

TEST(Devices, ADeviceFileNamesItsOwnDeviceAndACapabilityWhatItContains) {
  using Of = DeviceNode::Of;
  auto all = devices_of(two_gpus());
  const DeviceNode gpu{Of::gpu, "/dev/nvidia0", 195, 0}, gi{Of::gpu_instance, "/dev/nvidia-caps/nvidia-cap12", 242, 12};
  all[0].device.nodes = {{gpu}};
  all[1].device.nodes = {{gpu, gi, {Of::compute_instance, "/dev/nvidia-caps/nvidia-cap13", 242, 13}}};
  all[2].device.nodes = {{gpu, gi, {Of::compute_instance, "/dev/nvidia-caps/nvidia-cap14", 242, 14}}};
  EXPECT_EQ(named(all, "/dev/nvidia0"), (Texts{"0  GPU-0"}));
  EXPECT_EQ(named(all, "/dev/nvidia-caps/nvidia-cap12"), (Texts{"0:1/0 train/a MIG-0-1-0", "0:1/1 train/b MIG-0-1-1"}));
  EXPECT_EQ(named(all, "/dev/nvidia-caps/nvidia-cap14"), (Texts{"0:1/1 train/b MIG-0-1-1"}));
  EXPECT_EQ(named(all, "/dev/nvidia9"), Texts{});
}

}  // namespace
}  // namespace gpuslice::ops
