#include "plan/renames.hpp"

#include <gtest/gtest.h>

namespace gpuslice::plan {
namespace {

const model::GiSeat low{mig::GiProfileId{9}, {0, 4}}, high{mig::GiProfileId{9}, {4, 4}};

// Two 3g: "alice" at 0:4, in use, and "bob" at 4:4 with a compute instance "web".
model::Gpu two_named() {
  model::Gpu gpu;
  const auto add = [&](const model::GiSeat& seat, std::uint32_t id, const std::string& name) {
    mig::GpuInstance gi;
    gi.id = mig::GiId{id};
    gi.profile = seat.profile;
    gi.placement = seat.placement;
    gi.compute.push_back({mig::CiId{0}, mig::CiProfileId{2}, {0, 3}});
    gpu.state.mig.partition.instances.push_back(gi);
    gpu.made.push_back({seat.placement, seat.profile, name, {}});
  };
  add(low, 1, "alice");
  add(high, 2, "bob");
  gpu.made[1].compute = {{{0, 3}, mig::CiProfileId{2}, "web"}};
  gpu.clients = {{7, "alice", "python", {}, mig::GiId{1}, mig::CiId{0}}};
  return gpu;
}

model::GpuPlan keeping(const model::Gpu& gpu) {
  model::GpuPlan plan;
  plan.made = gpu.made;
  return plan;
}

TEST(Renames, AreNoneWhereNamesStay) {
  const auto gpu = two_named();
  EXPECT_TRUE(renames(gpu, keeping(gpu)).empty());
}

TEST(Renames, ThatExchangeTwoNamesAreTwoWithTheProcessesInside) {
  const auto gpu = two_named();
  auto plan = keeping(gpu);
  std::swap(plan.made[0].name, plan.made[1].name);
  EXPECT_EQ(renames(gpu, plan),
            (std::vector<Rename>{{low, {}, "alice", "bob", gpu.clients}, {high, {}, "bob", "alice", {}}}));
}

TEST(Renames, MayGiveANameOrTakeItAway) {
  auto gpu = two_named();
  auto plan = keeping(gpu);
  plan.made[0].name.clear();
  plan.made[1].compute[0].name = "db";
  const model::CiSeat inner{high, mig::CiProfileId{2}, {0, 3}};
  EXPECT_EQ(renames(gpu, plan),
            (std::vector<Rename>{{low, {}, "alice", "", gpu.clients}, {high, inner, "web", "db", {}}}));
}

TEST(Renames, OfWhatIsDestroyedAreNone) {
  const auto gpu = two_named();
  auto plan = keeping(gpu);
  plan.made.clear();
  model::Step low_goes, high_goes;
  low_goes.action = model::DestroyGi{low};
  high_goes.action = model::DestroyGi{high};
  plan.steps = {low_goes, high_goes};
  EXPECT_TRUE(renames(gpu, plan).empty());
  model::Step reset;
  reset.action = model::Reset{};
  plan.steps = {reset};
  EXPECT_TRUE(renames(gpu, plan).empty());
}

}  // namespace
}  // namespace gpuslice::plan
