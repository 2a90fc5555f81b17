#include "doctor/testing/facts.hpp"

namespace gpuslice::doctor {
namespace {

using testing::client;
using testing::found;
using testing::healthy;
using testing::hints;
using testing::Words;

TEST(Peers, AJobOverSeveralMigDevices) {
  auto facts = healthy("a100-40gb", 2);
  testing::add_instance(facts, true, 0);
  testing::add_instance(facts, true, 1);
  testing::restore_at_boot(facts);
  facts.gpus[0].gpu.clients = {client(7, "python", mig::GiId{0})};
  facts.gpus[1].gpu.clients = {client(7, "python", mig::GiId{0}), client(8, "other", mig::GiId{0})};
  EXPECT_EQ(found(facts), Words{"peers python (7): it uses 0:0 and 1:0"});
}

TEST(Nvlink, DownOrWithoutPeers) {
  auto facts = healthy("a100-40gb", 2);
  for (auto& gpu : facts.gpus) gpu.links.active.assign(12, true);
  EXPECT_EQ(found(facts), Words{});
  facts.gpus[0].links.active[3] = false;
  EXPECT_EQ(found(facts), Words{"nvlink GPU 0: NVLink 3 is down"});
  facts.gpus[0].links.active[3] = true;
  facts.gpus[0].links.unreachable = {GpuIndex{1}};
  facts.gpus[1].links.unreachable = {GpuIndex{0}};
  EXPECT_EQ(found(facts), Words{"nvlink GPU 0: its links are up, and it cannot reach GPU 1 over NVLink"});
  facts.gpus[1].gpu.state.mig.mode = facts.gpus[1].gpu.state.mig.pending = true;
  EXPECT_EQ(found(facts, {"nvlink"}), Words{}) << "a GPU with MIG has no peers";
}

TEST(MpsDirectory, OfADaemonThatIsGone) {
  auto facts = healthy();
  facts.mps = MpsDirectory{"/tmp/nvidia-mps", true, 17861, true};
  EXPECT_EQ(found(facts), Words{});
  (*facts.mps)->alive = false;
  EXPECT_EQ(found(facts), Words{"mps-directory /tmp/nvidia-mps: the MPS control daemon (process 17861) is gone and has "
                                "left its socket"});
  EXPECT_EQ(hints(facts), Words{"sudo rm -r /tmp/nvidia-mps"});
}

TEST(Vgpu, VirtualFunctionsAndIommu) {
  auto facts = healthy("a10");
  facts.vgpu = VgpuHost{{{"0000:41:00.0", 32, 0}}, true};
  EXPECT_EQ(found(facts), Words{"vgpu-vfs PCI device 0000:41:00.0: its virtual functions are not enabled"});
  EXPECT_EQ(hints(facts), Words{"sudo /usr/lib/nvidia/sriov-manage -e 0000:41:00.0"});
  facts.vgpu = VgpuHost{{{"0000:41:00.0", 32, 32}}, false};
  EXPECT_EQ(found(facts), Words{"vgpu-iommu host: the IOMMU is off"});
}

}  // namespace
}  // namespace gpuslice::doctor
