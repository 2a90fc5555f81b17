#include "doctor/testing/facts.hpp"

namespace gpuslice::doctor {
namespace {

using testing::found;
using testing::healthy;
using testing::hints;
using testing::Words;

TEST(BootRestore, SaysWhatIsLostOnThisGeneration) {
  auto ampere = healthy("a100-40gb", 2);
  testing::add_instance(ampere, true, 0);
  testing::add_instance(ampere, true, 1);
  EXPECT_EQ(found(ampere), Words{"boot-restore GPUs 0, 1: instances do not survive a reboot, and no unit creates them "
                                 "at boot"});
  auto hopper = healthy("h200");
  testing::add_instance(hopper);
  EXPECT_EQ(found(hopper), Words{"boot-restore GPU 0: MIG mode and instances do not survive a reboot, and no unit "
                                 "restores them at boot"});
  testing::restore_at_boot(hopper);
  EXPECT_EQ(found(hopper), Words{});
  hopper.boot = std::unexpected(Missing{Missing::Kind::skipped, "in a container"});
  EXPECT_EQ(found(hopper), Words{});
  EXPECT_EQ(testing::outcome_of(hopper, "boot-restore").state, State::skipped);
}

TEST(BootUnits, TwoAreInEachOthersWay) {
  auto facts = healthy();
  facts.boot = std::vector<BootUnit>{{"gpuslice-restore.service"}, {"nvidia-mig-manager.service"}};
  EXPECT_EQ(found(facts),
            Words{"boot-units boot: 2 units set MIG at boot: gpuslice-restore.service and nvidia-mig-manager.service"});
  EXPECT_EQ(hints(facts), Words{"sudo systemctl disable nvidia-mig-manager.service"});
}

}  // namespace
}  // namespace gpuslice::doctor
