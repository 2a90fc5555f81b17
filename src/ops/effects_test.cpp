#include "ops/effects.hpp"

#include <gtest/gtest.h>

#include "ops/testing/some_gpus.hpp"

namespace gpuslice::ops {
namespace {

using testing::divided_a100;

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

}  // namespace
}  // namespace gpuslice::ops
