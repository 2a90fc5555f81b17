#include "doctor/testing/facts.hpp"

namespace gpuslice::doctor {
namespace {

using testing::found;
using testing::healthy;
using testing::hints;
using testing::Words;

NodeFacts with_spec(CdiSpec spec) {
  auto facts = healthy();
  testing::add_instance(facts);
  testing::restore_at_boot(facts);
  facts.cdi->push_back(std::move(spec));
  return facts;
}

TEST(Cdi, ThatFitsIsFine) {
  EXPECT_EQ(found(with_spec({"/etc/cdi/nvidia.yaml",
                             {"0:0", "MIG-00000000", "all"},
                             {"/dev/nvidia0", "/dev/nvidia-uvm", "/dev/nvidia-caps/nvidia-cap3"},
                             {testing::driver}})),
            Words{});
}

TEST(Cdi, OfAnotherDriverOrLayoutIsOneFindingPerFile) {
  auto facts = with_spec({"/etc/cdi/nvidia.yaml", {"MIG-gone"}, {"/dev/nvidia-caps/nvidia-cap99"}, {"570.86.15"}});
  EXPECT_EQ(found(facts), Words{"cdi /etc/cdi/nvidia.yaml: it is of driver 570.86.15; driver 580.126.09 runs"});
  EXPECT_EQ(hints(facts), Words{"sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml"});
  facts.cdi->front().versions.clear();
  EXPECT_EQ(found(facts), Words{"cdi /etc/cdi/nvidia.yaml: it names what does not exist: device MIG-gone and 1 more"});
}

TEST(Cdi, ThatLacksMigDevices) {
  auto facts = with_spec({"/etc/cdi/nvidia.yaml", {"MIG-00000000"}, {}, {}});
  EXPECT_EQ(found(facts), Words{});
  facts.gpus[0].gpu.devices.push_back({mig::GiId{1}, mig::CiId{0}, "MIG-second"});
  EXPECT_EQ(found(facts, {"cdi"}), Words{"cdi /etc/cdi/nvidia.yaml: it lists 1 of 2 MIG devices"});
}

TEST(Kubelet, OffersWhatExists) {
  auto facts = with_spec({"/x.yaml", {}, {}, {}});
  facts.kubelet = std::vector<std::string>{"MIG-00000000"};
  EXPECT_EQ(found(facts), Words{});
  facts.kubelet = std::vector<std::string>{"MIG-00000000", "MIG-gone"};
  EXPECT_EQ(found(facts), Words{"kubelet kubelet: it offers devices that do not exist: MIG-gone"});
  facts.kubelet = std::vector<std::string>{};
  EXPECT_EQ(found(facts), Words{"kubelet kubelet: it does not offer MIG-00000000"});
  facts.kubelet = std::nullopt;
  EXPECT_EQ(found(facts), Words{}) << "no Kubernetes here";
}

}  // namespace
}  // namespace gpuslice::doctor
