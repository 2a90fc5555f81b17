#include "plan/instance_text.hpp"

#include <gtest/gtest.h>

#include "plan/step_rules.hpp"
#include "plan/testing/states.hpp"

namespace gpuslice::plan {
namespace {

using testing::a100;

// A GPU instance with two compute instance profiles of the same size, as on Hopper (1_SLICE and 1_SLICE_REV1 of
// nvml.h).
mig::Capability twins() {
  mig::Capability made;
  mig::GiProfile parent;
  parent.id = mig::GiProfileId{15};
  parent.name = "1g.20gb";
  parent.slices = 1;
  parent.sites.push_back({0, 2});
  for (const auto& [id, processors] : {std::pair{0U, 16}, std::pair{7U, 26}}) {
    mig::CiProfile profile;
    profile.id = mig::CiProfileId{id};
    profile.slices = 1;
    profile.max_count = 1;
    profile.multiprocessors = static_cast<std::uint16_t>(processors);
    profile.is_default = id == 7;
    profile.sites.push_back({0, 1});
    parent.compute.push_back(profile);
  }
  made.profiles.push_back(parent);
  return made;
}

TEST(InstanceText, TwoProfilesOfTheSameSizeAreDistinguished) {
  const auto capability = twins();
  const auto& parent = capability.profiles[0];
  EXPECT_EQ(share_text(parent, parent.compute[0]), "1c (profile 0, 16 SM)");
  EXPECT_EQ(share_text(parent, parent.compute[1]), "1c (profile 7, 26 SM)");
  const model::CiSeat seat{{parent.id, {0, 2}}, mig::CiProfileId{0}, {0, 1}};
  EXPECT_EQ(step_text(capability, {model::DestroyCi{seat}, "", {}}),
            "destroy compute instance 1g.20gb (profile 0, 16 SM) at 0:1 in 1g.20gb at 0:2");
  const model::CiSeat other{seat.parent, mig::CiProfileId{7}, seat.placement};
  EXPECT_EQ(step_text(capability, {model::CreateCi{other}, "", {}}),
            "create compute instance 1g.20gb (profile 7, 26 SM) at 0:1 in 1g.20gb at 0:2");
  const auto& half = *a100().find("3g.20gb");
  EXPECT_EQ(share_text(half, half.compute[0]), "1c") << "nothing is added if the size is unambiguous";
}

}  // namespace
}  // namespace gpuslice::plan
