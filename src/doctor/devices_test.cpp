#include "doctor/testing/facts.hpp"

namespace gpuslice::doctor {
namespace {

using testing::found;
using testing::healthy;
using testing::hints;
using testing::outcome_of;
using testing::Words;

NodeFacts with_instance() {
  auto facts = healthy();
  testing::add_instance(facts);
  testing::restore_at_boot(facts);
  return facts;
}
DeviceFile& node(NodeFacts& facts, std::uint32_t minor) {
  for (auto& file : facts.devices->capability_files)
    if (file.minor == minor) return file;
  ADD_FAILURE() << minor;
  return facts.devices->capability_files.front();
}

TEST(DeviceFiles, MissingOrClosed) {
  auto facts = healthy();
  facts.devices->files[1].exists = false;
  EXPECT_EQ(found(facts), Words{"device-files device files: /dev/nvidia-uvm does not exist"});
  EXPECT_EQ(hints(facts), Words{"sudo nvidia-modprobe -c 0 -u"});
  facts.devices->modprobe = true;
  EXPECT_EQ(found(facts), Words{}) << "it is created when a program needs it";
  facts.container = true;
  EXPECT_EQ(found(facts).size(), 1u);
  facts = healthy();
  facts.devices->files[2].openable = false;
  EXPECT_EQ(found(facts), Words{"device-files device files: this user may not open /dev/nvidia0"});
  EXPECT_EQ(hints(facts), Words{"ls -l /dev/nvidia0"});
}

TEST(CapabilityNodes, MissingWrongAndStale) {
  auto facts = with_instance();
  std::erase_if(facts.devices->capability_files, [](const auto& file) { return file.minor == 3; });
  EXPECT_EQ(found(facts), Words{"capability-nodes capability nodes: /dev/nvidia-caps/nvidia-cap3 does not exist"});
  EXPECT_EQ(hints(facts), Words{"sudo nvidia-modprobe -f /proc/driver/nvidia/capabilities/gpu0/mig/gi0/access"});
  facts = with_instance();
  node(facts, 4).major = 237;
  EXPECT_EQ(found(facts),
            Words{"capability-nodes capability nodes: /dev/nvidia-caps/nvidia-cap4 belongs to another device number"});
  facts = with_instance();
  facts.devices->capability_files.push_back({"/dev/nvidia-caps/nvidia-cap84", true, true, 241, 84, 0444});
  facts.devices->capability_files.push_back({"/dev/nvidia-caps/nvidia-cap85", true, true, 241, 85, 0444});
  facts.devices->capability_files.push_back({"/dev/nvidia-caps/nvidia-cap0", true, true, 241, 0, 0400});
  EXPECT_EQ(found(facts), Words{"capability-nodes capability nodes: /dev/nvidia-caps/nvidia-cap84, "
                                "/dev/nvidia-caps/nvidia-cap85 are left over from instances that are gone"});
  EXPECT_EQ(hints(facts), Words{"sudo rm /dev/nvidia-caps/nvidia-cap84 /dev/nvidia-caps/nvidia-cap85"});
}

TEST(MigConfig, IsForRootOrThoseWhoWereGrantedIt) {
  auto facts = healthy();
  node(facts, 1).mode = 0444;
  EXPECT_EQ(found(facts), Words{"mig-config /dev/nvidia-caps/nvidia-cap1: every user may open it"});
  facts = healthy();
  facts.root = false;
  EXPECT_EQ(outcome_of(facts, "mig-config").state, State::healthy) << "this user was granted it";
  node(facts, 1).openable = false;
  EXPECT_EQ(outcome_of(facts, "mig-config").state, State::skipped);
  EXPECT_EQ(verdict_of(diagnose(facts)), Verdict::healthy) << "a reader is no fault";
  node(facts, 2).openable = false;
  EXPECT_EQ(found(facts), Words{"mig-config /dev/nvidia-caps/nvidia-cap2: this user may not open it"});
}

TEST(MigConfig, MissingNodes) {
  auto facts = healthy();
  facts.devices->capability_files.clear();
  EXPECT_EQ(found(facts), Words{}) << "MIG is not used";
  testing::add_instance(facts);
  testing::restore_at_boot(facts);
  EXPECT_EQ(found(facts), (Words{"mig-config mig/config: /dev/nvidia-caps/nvidia-cap1 does not exist",
                                 "mig-config mig/monitor: /dev/nvidia-caps/nvidia-cap2 does not exist"}));
  facts.container = true;
  EXPECT_EQ(found(facts), Words{}) << "a container gets them only on request";
}

}  // namespace
}  // namespace gpuslice::doctor
