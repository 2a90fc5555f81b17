#include "ops/compare.hpp"

#include <gtest/gtest.h>

#include "ops/testing/some_gpus.hpp"
#include "plan/as_layout.hpp"
#include "plan/planner.hpp"

namespace gpuslice::ops {
namespace {

using testing::divided_a100;
using testing::gpu_of;
using Side = Difference::Side;
using Answer = Match::Answer;
using Differences = std::vector<Difference>;

const model::GiSeat train{mig::GiProfileId{9}, {4, 4}};
const model::GiSeat foreign{mig::GiProfileId{19}, {0, 1}};
constexpr GpuIndex first{0};

model::Layout layout_of(std::vector<model::WantedGi> instances) {
  model::GpuEntry entry;
  entry.mig = true;
  entry.instances = std::move(instances);
  model::Layout layout;
  layout.gpus.push_back(entry);
  return layout;
}
// The 3g.20gb of divided_a100 with these names.
model::WantedGi train_as(const std::string& name, const std::string& a, const std::string& b) {
  model::WantedGi gi{name, "3g.20gb", mig::Placement{4, 4}, {}, {}};
  gi.compute.emplace();
  gi.compute->push_back({a, "1c", mig::Placement{0, 1}, {}});
  gi.compute->push_back({b, "1c", mig::Placement{1, 1}, {}});
  return gi;
}
model::WantedGi plain(const std::string& profile) { return {"", profile, {}, {}, {}}; }

TEST(Compare, ANodeMatchesItsOwnLayout) {
  const model::Inventory inventory{"580", {divided_a100(0), gpu_of("a100-40gb", 1)}};
  const auto found = match(inventory, *plan::as_layout(inventory, plan::SelectBy::index));
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->answer, Answer::matches);
  EXPECT_EQ(found->differences, Differences{});
  EXPECT_FALSE(found->reason);
}

TEST(Compare, AForeignInstanceIsADifferenceOnlyIfTheLayoutForbidsIt) {
  const model::Inventory inventory{"580", {divided_a100(0)}};
  auto layout = layout_of({train_as("train", "a", "b")});
  EXPECT_EQ(match(inventory, layout)->answer, Answer::matches);
  layout.gpus[0].foreign = model::Foreign::remove;
  const auto found = match(inventory, layout);
  EXPECT_EQ(found->answer, Answer::differs);
  const model::CiSeat inside{foreign, mig::CiProfileId{0}, {0, 1}};
  EXPECT_EQ(found->differences, (Differences{{first, Side::extra, inside, ""}, {first, Side::extra, foreign, ""}}));
}

TEST(Compare, MissingInstancesAndModesAreDifferences) {
  const model::Inventory inventory{"580", {gpu_of("a100-40gb", 0)}};
  auto wanted = plain("1g.5gb");
  wanted.name = "new";
  wanted.placement = mig::Placement{2, 1};
  wanted.compute.emplace();
  const auto found = differences_to(inventory, layout_of({wanted}));
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(*found, (Differences{{first, Side::missing, MigMode{}, ""},
                                 {first, Side::missing, model::GiSeat{mig::GiProfileId{19}, {2, 1}}, "new"}}));
}

TEST(Compare, AModeThatShouldBeOffIsExtra) {
  model::Inventory inventory{"580", {gpu_of("a100-40gb", 0)}};
  inventory.gpus[0].state.mig.mode = inventory.gpus[0].state.mig.pending = true;
  auto layout = layout_of({});
  layout.gpus[0].mig = false;
  EXPECT_EQ(*differences_to(inventory, layout), (Differences{{first, Side::extra, MigMode{}, ""}}));
}

TEST(Compare, NamesAreCompared) {
  const model::Inventory inventory{"580", {divided_a100(0)}};
  const auto found = differences_to(inventory, layout_of({train_as("infer", "a", "c")}));
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(*found, (Differences{{first, Side::extra, GiName{train}, "train"},
                                 {first, Side::missing, GiName{train}, "infer"},
                                 {first, Side::extra, CiName{{train, mig::CiProfileId{0}, {1, 1}}}, "b"},
                                 {first, Side::missing, CiName{{train, mig::CiProfileId{0}, {1, 1}}}, "c"}}));
}

TEST(Compare, AMissingComputeInstanceIsOneDifferenceWithItsName) {
  model::Inventory inventory{"580", {divided_a100(0)}};
  auto& gi = inventory.gpus[0].state.mig.partition.instances[0];
  const auto a = gi.compute[0];
  gi.compute = {};
  gi.compute.push_back(a);
  inventory.gpus[0].made[0].compute.pop_back();
  EXPECT_EQ(*differences_to(inventory, layout_of({train_as("train", "a", "b")})),
            (Differences{{first, Side::missing, model::CiSeat{train, mig::CiProfileId{0}, {1, 1}}, "b"}}));
}

TEST(Compare, AnImpossibleLayoutDiffersWithTheReason) {
  const model::Inventory inventory{"580", {divided_a100(0)}};
  const auto found = match(inventory, layout_of({plain("7g.40gb")}));
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->answer, Answer::differs);
  EXPECT_EQ(found->differences, Differences{});
  ASSERT_TRUE(found->reason);
  EXPECT_EQ(found->reason->kind, ErrorKind::refused);
}

TEST(Compare, AnUnreadableGpuIsUnknown) {
  model::Inventory inventory{"580", {divided_a100(0)}};
  inventory.gpus[0].made_known = false;
  inventory.gpus[0].made.clear();
  EXPECT_EQ(match(inventory, layout_of({}))->answer, Answer::matches) << "whichever program created the instances";
  for (const char* profile : {"1g.5gb", "7g.40gb"}) {
    const auto found = match(inventory, layout_of({plain("1g.5gb"), plain(profile)}));
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ(found->answer, Answer::unknown) << profile;
    EXPECT_TRUE(found->reason) << profile;
    EXPECT_EQ(found->differences, Differences{}) << profile;
  }
  inventory.gpus[0].problem = "fell off the bus";
  const auto lost = match(inventory, layout_of({}));
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->answer, Answer::unknown);
  EXPECT_EQ(lost->reason->kind, ErrorKind::unknown);
}

TEST(Compare, AnInvalidLayoutIsAnError) {
  const model::Inventory inventory{"580", {divided_a100(0)}};
  const auto found = match(inventory, layout_of({plain("9g.20gb")}));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::usage);
}

TEST(Compare, TwoLayoutsAreComparedWhateverTheCurrentState) {
  const model::Inventory inventory{"580", {divided_a100(0)}};
  const auto named = layout_of({train_as("train", "a", "b")});
  const auto renamed = layout_of({train_as("train", "a", "")});
  const auto none = layout_of({});
  EXPECT_EQ(*differences_between(inventory, named, named), Differences{});
  EXPECT_EQ(*differences_between(inventory, renamed, named),
            (Differences{{first, Side::missing, CiName{{train, mig::CiProfileId{0}, {1, 1}}}, "b"}}));
  const auto there = *differences_between(inventory, none, named);
  const auto back = *differences_between(inventory, named, none);
  ASSERT_EQ(there.size(), 3U) << "the instance of another program is in neither layout";
  ASSERT_EQ(back.size(), 3U);
  for (const auto& one : there) EXPECT_EQ(one.side, Side::missing);
  for (const auto& one : back) EXPECT_EQ(one.side, Side::extra);
}

}  // namespace
}  // namespace gpuslice::ops
