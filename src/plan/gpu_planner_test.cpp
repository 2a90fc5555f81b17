#include "plan/gpu_planner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "catalog/product.hpp"
#include "mig/layouts.hpp"
#include "plan/resolve.hpp"
#include "plan/shape.hpp"
#include "plan/step_rules.hpp"

namespace gpuslice::plan {
namespace {

model::Gpu gpu_of(const std::string& product) {
  const auto* known = *catalog::find(product);
  model::Gpu made;
  made.uuid = "GPU-0";
  made.name = std::string(known->names[0]);
  made.product = std::string(known->key);
  made.capability = known->capability;
  made.state.mig.mode = made.state.mig.pending = true;
  return made;
}

const mig::GiProfile& profile(const model::Gpu& gpu, const std::string& word) {
  return **find_profile(gpu.capability, word);
}

// One GPU instance with one compute instance that uses all of it.
mig::GpuInstance& stand(model::Gpu& gpu, const std::string& word, unsigned start, bool ours) {
  const auto& p = profile(gpu, word);
  mig::GpuInstance gi;
  gi.profile = p.id;
  for (const auto site : p.sites)
    if (site.start == start) gi.placement = site;
  EXPECT_NE(gi.placement.size, 0) << word << " at " << start;
  while (gpu.state.mig.partition.find(gi.id) != nullptr) ++gi.id.value;
  const auto& whole = *p.default_compute();
  gi.compute.push_back({mig::CiId{0}, whole.id, whole.sites[0]});
  gpu.state.mig.partition.instances.push_back(gi);
  if (ours) gpu.made.push_back({gi.placement, gi.profile, "", {{whole.sites[0], whole.id, ""}}});
  return gpu.state.mig.partition.instances[gpu.state.mig.partition.instances.size() - 1];
}
void use(model::Gpu& gpu, const mig::GpuInstance& gi, std::uint32_t pid) {
  model::Client client;
  client.pid = pid;
  client.gi = gi.id;
  client.ci = mig::CiId{0};
  gpu.clients.push_back(client);
}

model::TargetGi one_of(const model::Gpu& gpu, const std::string& word, const std::string& name = "") {
  const auto& p = profile(gpu, word);
  return {name, p.id, {}, {{"", p.default_compute()->id, {}}}};
}
model::Target want(const model::Gpu& gpu, const std::vector<std::string>& words) {
  model::Target target;
  target.mig = true;
  for (const auto& word : words) target.instances.push_back(one_of(gpu, word));
  return target;
}

std::vector<std::string> words(const model::Gpu& gpu, const model::GpuPlan& plan) {
  std::vector<std::string> all;
  for (const auto& step : plan.steps) all.push_back(step_text(gpu.capability, step));
  return all;
}

TEST(GpuPlanner, OnAnEmptyGpuItChoosesPlacementsThatLeaveMostRoom) {
  const auto gpu = gpu_of("a100-40gb");
  const auto plan = plan_gpu(gpu, want(gpu, {"1g.5gb"}));
  ASSERT_TRUE(plan);
  EXPECT_EQ(words(gpu, *plan), (std::vector<std::string>{
                                   "create GPU instance 1g.5gb at 6:1",
                                   "create compute instance 1g.5gb at 0:1 in 1g.5gb at 6:1",
                               }));
}

TEST(GpuPlanner, MigOffWithOnPendingNeedsADisableStep) {
  auto gpu = gpu_of("a100-40gb");
  gpu.state.mig.mode = false;
  gpu.state.mig.pending = true;
  const auto plan = plan_gpu(gpu, model::Target{});
  ASSERT_TRUE(plan);
  EXPECT_EQ(words(gpu, *plan), (std::vector<std::string>{"disable MIG mode"}))
      << "otherwise the next reset enables MIG";
  EXPECT_FALSE(plan->after.mig.pending);
  gpu.state.mig.pending = false;
  EXPECT_TRUE(plan_gpu(gpu, model::Target{})->steps.empty());
}

// Compute instances of other programs when others are requested, as docs/changing-a-node.md describes.
TEST(GpuPlanner, MigOnWithOffPendingNeedsAnEnableStep) {
  auto gpu = gpu_of("a100-40gb");
  gpu.state.mig.pending = false;
  const auto plan = plan_gpu(gpu, want(gpu, {}));
  ASSERT_TRUE(plan) << plan.error().what;
  EXPECT_EQ(words(gpu, *plan), std::vector<std::string>{"enable MIG mode"});
  EXPECT_TRUE(plan->after.mig.pending);
}

// A saved inventory may list instances although MIG is off; they do not exist then.
TEST(GpuPlanner, ListedInstancesAreIgnoredIfMigIsOff) {
  auto gpu = gpu_of("a100-40gb");
  stand(gpu, "7g.40gb", 0, false);
  gpu.state.mig.mode = gpu.state.mig.pending = false;
  const auto plan = plan_gpu(gpu, want(gpu, {"7g.40gb"}));
  ASSERT_TRUE(plan) << plan.error().what;
  EXPECT_EQ(words(gpu, *plan), (std::vector<std::string>{"enable MIG mode", "create GPU instance 7g.40gb at 0:8",
                                                         "create compute instance 7g.40gb at 0:7 in 7g.40gb at 0:8"}));
}

TEST(GpuPlanner, ForeignComputeInstancesStayIfOthersAreRequested) {
  auto gpu = gpu_of("a100-40gb");
  auto& theirs = stand(gpu, "3g.20gb", 4, false);
  const auto share = (*find_profile(profile(gpu, "3g.20gb"), "1c"))->id;
  theirs.compute = {};
  theirs.compute.push_back({mig::CiId{0}, share, {0, 1}});
  auto target = want(gpu, {"3g.20gb"});
  target.instances[0].compute = {{"", share, {}}, {"", share, mig::Placement{2, 1}}};
  const auto beside = plan_gpu(gpu, target);
  ASSERT_TRUE(beside);
  EXPECT_EQ(words(gpu, *beside), (std::vector<std::string>{
                                     "create compute instance 1c.3g.20gb at 2:1 in 3g.20gb at 4:4",
                                 }))
      << "next to the foreign one, because there is room";
  const auto elsewhere = plan_gpu(gpu, want(gpu, {"3g.20gb"}));
  ASSERT_TRUE(elsewhere);
  EXPECT_EQ(words(gpu, *elsewhere)[0], "create GPU instance 3g.20gb at 0:4")
      << "in a new GPU instance, because the existing one has no room";
  target = want(gpu, {"3g.20gb"});
  target.foreign = model::Foreign::remove;
  const auto removed = plan_gpu(gpu, target);
  ASSERT_TRUE(removed);
  EXPECT_EQ(words(gpu, *removed), (std::vector<std::string>{
                                      "destroy compute instance 1c.3g.20gb at 0:1 in 3g.20gb at 4:4",
                                      "create compute instance 3g.20gb at 0:3 in 3g.20gb at 4:4",
                                  }));
}

TEST(GpuPlanner, AMatchingStateNeedsNoStep) {
  auto gpu = gpu_of("a100-40gb");
  stand(gpu, "3g.20gb", 4, true);
  stand(gpu, "1g.5gb", 0, false);
  const auto plan = plan_gpu(gpu, want(gpu, {"1g.5gb", "3g.20gb"}));
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->steps.empty());
  EXPECT_EQ(plan->made.size(), 2U) << "the one that another program created is adopted";
}

TEST(GpuPlanner, ABusyInstanceKeepsRunningWhileOthersAreReplaced) {
  auto gpu = gpu_of("a100-40gb");
  stand(gpu, "3g.20gb", 0, true);
  use(gpu, stand(gpu, "1g.5gb", 4, true), 4711);
  const auto plan = plan_gpu(gpu, want(gpu, {"2g.10gb", "1g.5gb", "1g.5gb"}));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->cost.busy, 0U);
  EXPECT_EQ(plan->cost.stopped, 2U) << "the 3g and its compute instance";
  for (const auto& step : plan->steps) EXPECT_TRUE(step.clients.empty());
}

TEST(GpuPlanner, OfTwoInstancesItStopsTheIdleOne) {
  auto gpu = gpu_of("a100-40gb");
  use(gpu, stand(gpu, "3g.20gb", 0, true), 4711);
  stand(gpu, "3g.20gb", 4, true);
  const auto plan = plan_gpu(gpu, want(gpu, {"3g.20gb", "1g.5gb"}));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->cost.busy, 0U);
  EXPECT_TRUE(plan->after.mig.partition.instances[0].placement.start == 0 ||
              plan->after.mig.partition.instances[1].placement.start == 0);
}

TEST(GpuPlanner, AnyOrderOfRequestedInstancesFits) {
  const auto gpu = gpu_of("a100-40gb");
  std::vector<std::string> list = {"1g.5gb", "1g.5gb", "2g.10gb", "3g.20gb"};
  do {
    EXPECT_TRUE(plan_gpu(gpu, want(gpu, list)));
  } while (std::next_permutation(list.begin(), list.end()));
}

TEST(GpuPlanner, ForeignInstancesAreKeptAndNamedIfTheyBlock) {
  auto gpu = gpu_of("a100-40gb");
  stand(gpu, "2g.10gb", 0, false);
  stand(gpu, "1g.5gb", 6, false);
  EXPECT_TRUE(plan_gpu(gpu, want(gpu, {"2g.10gb", "1g.5gb"})));
  const auto refused = plan_gpu(gpu, want(gpu, {"4g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Refusal::Reason::in_the_way);
  ASSERT_EQ(refused.error().instances.size(), 1U);
  EXPECT_EQ(refused.error().instances[0], mig::GiId{0}) << "the 1g at 6 does not conflict";
  auto target = want(gpu, {"4g.20gb"});
  target.foreign = model::Foreign::remove;
  const auto plan = plan_gpu(gpu, target);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->cost.stopped, 4U) << "instances that the layout does not list are destroyed";
}

TEST(GpuPlanner, AForeignComputeInstanceKeepsItsGpuInstance) {
  auto gpu = gpu_of("a100-40gb");
  auto& gi = stand(gpu, "3g.20gb", 0, true);
  gi.compute.clear();
  const auto& one = **find_profile(profile(gpu, "3g.20gb"), "1c");
  gi.compute.push_back({mig::CiId{0}, one.id, {0, 1}});
  gi.compute.push_back({mig::CiId{1}, one.id, {1, 1}});
  gpu.made[0].compute = {{{1, 1}, one.id, ""}};  // another program created the one at 0
  const auto plan = plan_gpu(gpu, want(gpu, {"1g.5gb"}));
  ASSERT_TRUE(plan);
  EXPECT_EQ(words(gpu, *plan), (std::vector<std::string>{
                                   "destroy compute instance 1c.3g.20gb at 1:1 in 3g.20gb at 0:4",
                                   "create GPU instance 1g.5gb at 6:1",
                                   "create compute instance 1g.5gb at 0:1 in 1g.5gb at 6:1",
                               }));
  const auto refused = plan_gpu(gpu, want(gpu, {"7g.40gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Refusal::Reason::in_the_way);
  EXPECT_EQ(refused.error().what,
            "7g.40gb does not fit beside GPU instance 0 (3g.20gb at 0:4, another program created a compute instance in "
            "it): 7 compute slices are needed, and 4 of 7 are free; what still fits: 1g.5gb, 2g.10gb, 3g.20gb, "
            "1g.5gb+me, 1g.10gb");
  model::Target off;
  const auto stays_on = plan_gpu(gpu, off);
  ASSERT_FALSE(stays_on);
  EXPECT_EQ(stays_on.error().what,
            "MIG mode cannot be disabled while GPU instance 0 (3g.20gb at 0:4, another program created a compute "
            "instance in it) exists");
}

TEST(GpuPlanner, ARequestThatAForeignInstanceBlocksIsNotTooMuch) {
  auto gpu = gpu_of("a100-40gb");
  auto& gi = stand(gpu, "7g.40gb", 0, false);
  gi.compute.clear();
  gi.compute.push_back({mig::CiId{0}, (**find_profile(profile(gpu, "7g.40gb"), "1c")).id, {0, 1}});
  const auto refused = plan_gpu(gpu, want(gpu, {"7g.40gb"}));  // with one compute instance that uses all of it
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Refusal::Reason::in_the_way);
  EXPECT_EQ(refused.error().instances, std::vector<mig::GiId>{mig::GiId{0}});
}

TEST(GpuPlanner, AnImpossibleRequestIsRefusedWithTheLargestPossiblePart) {
  const auto gpu = gpu_of("a100-40gb");
  const auto refused = plan_gpu(gpu, want(gpu, {"4g.20gb", "4g.20gb", "3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Refusal::Reason::too_much);
  EXPECT_EQ(refused.error().what,
            "2 x 4g.20gb + 3g.20gb do not fit on NVIDIA A100-SXM4-40GB: 11 compute slices are needed, and the GPU has "
            "7; 4g.20gb + 3g.20gb would fit");
}

TEST(GpuPlanner, NamesKeepTheirPlacements) {
  auto gpu = gpu_of("a100-40gb");
  stand(gpu, "3g.20gb", 0, true);
  stand(gpu, "3g.20gb", 4, true);
  gpu.made[0].name = "infer";
  gpu.made[1].name = "train";
  model::Target target;
  target.mig = true;
  target.instances.push_back(one_of(gpu, "3g.20gb", "train"));
  const auto plan = plan_gpu(gpu, target);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->after.mig.partition.instances.size(), 1U);
  EXPECT_EQ(plan->after.mig.partition.instances[0].placement.start, 4);
}

TEST(GpuPlanner, MigModeIsEnabledFirst) {
  auto gpu = gpu_of("a100-40gb");
  gpu.state.mig.mode = gpu.state.mig.pending = false;
  model::Client client;
  client.pid = 7;
  gpu.clients.push_back(client);
  const auto plan = plan_gpu(gpu, want(gpu, {"7g.40gb"}));
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->steps.size(), 3U);
  EXPECT_EQ(plan->steps[0].action, model::Action(model::SetMig{true}));
  EXPECT_EQ(plan->steps[0].clients.size(), 1U) << "Ampere GPUs switch MIG mode only without clients";
  EXPECT_EQ(plan->cost.busy, 1U);
}

TEST(GpuPlanner, AClientIsStoppedOnceWhenMigIsDisabled) {
  auto gpu = gpu_of("a100-40gb");
  use(gpu, stand(gpu, "3g.20gb", 0, true), 4711);
  model::Client client;
  client.pid = 7;
  gpu.clients.push_back(client);  // a client of the whole GPU
  const auto plan = plan_gpu(gpu, model::Target{});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->steps.size(), 3U);
  EXPECT_EQ(plan->steps[2].action, model::Action(model::SetMig{false}));
  EXPECT_EQ(plan->steps[2].clients, std::vector<model::Client>{client});
  EXPECT_EQ(plan->cost, (model::Cost{2, 2, 3})) << "each client counts once";
}

TEST(GpuPlanner, ComputeInstancesAreMatchedToo) {
  auto gpu = gpu_of("a100-40gb");
  auto& gi = stand(gpu, "3g.20gb", 0, true);
  gi.compute.clear();
  const auto& parent = profile(gpu, "3g.20gb");
  const auto& one = **find_profile(parent, "1c");
  gi.compute.push_back({mig::CiId{0}, one.id, {0, 1}});
  gi.compute.push_back({mig::CiId{1}, one.id, {1, 1}});
  gpu.made[0].compute = {{{0, 1}, one.id, ""}, {{1, 1}, one.id, ""}};
  use(gpu, gi, 4711);  // a client of compute instance 0
  model::Target target;
  target.mig = true;
  target.instances.push_back(one_of(gpu, "3g.20gb"));
  target.instances[0].compute = {{"", one.id, {}}};
  const auto plan = plan_gpu(gpu, target);
  ASSERT_TRUE(plan);
  EXPECT_EQ(words(gpu, *plan),
            (std::vector<std::string>{"destroy compute instance 1c.3g.20gb at 1:1 in 3g.20gb at 0:4"}));
}

TEST(GpuPlanner, ClientsOfTheWholeGpuBlockOnlyGpuInstances) {
  auto gpu = gpu_of("a100-40gb");
  stand(gpu, "3g.20gb", 0, true);
  model::Client client;
  client.pid = 7;
  gpu.clients.push_back(client);
  const auto plan = plan_gpu(gpu, want(gpu, {"3g.20gb", "1g.5gb"}));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->cost.busy, 1U);
  const auto nothing = plan_gpu(gpu, want(gpu, {"3g.20gb"}));
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->cost.busy, 0U);
}

// Random pairs of states: the rules allow the steps one after the other, they lead to the planned state, and a second
// plan has nothing to do.
TEST(GpuPlanner, StepsReachThePlannedStateAndASecondPlanIsEmpty) {
  std::mt19937 dice(7);  // NOLINT(cert-msc51-cpp): the same pairs in every run
  unsigned planned = 0;
  for (const auto* product : {"a100-40gb", "h100-80gb-sxm5", "a30-24gb", "rtx-pro-6000-blackwell-96gb"}) {
    const auto bare = gpu_of(product);
    std::vector<const mig::GiProfile*> all;
    for (const auto& one : bare.capability.profiles) all.push_back(&one);
    std::vector<mig::SeatList> layouts;
    mig::for_each_layout(bare.capability, all, [&](const auto& seats, bool) { layouts.push_back(seats); });
    for (int round = 0; round < 200; ++round) {
      auto gpu = bare;
      for (const auto& seat : layouts[dice() % layouts.size()]) {
        const auto& gi = stand(gpu, std::string(seat.profile->name), seat.placement.start, dice() % 4 != 0);
        if (dice() % 3 == 0) use(gpu, gi, 100);
      }
      model::Target target;
      target.mig = true;
      target.foreign = dice() % 2 == 0 ? model::Foreign::keep : model::Foreign::remove;
      for (const auto& seat : layouts[dice() % layouts.size()])
        target.instances.push_back(one_of(gpu, std::string(seat.profile->name)));
      const auto plan = plan_gpu(gpu, target);
      if (!plan) {
        EXPECT_EQ(plan.error().reason, Refusal::Reason::in_the_way) << "each layout fits on an empty GPU";
        continue;
      }
      ++planned;
      auto state = gpu.state;
      for (const auto& step : plan->steps) {
        const auto next = after_step(gpu.capability, state, {}, step);
        ASSERT_TRUE(next) << next.error().message();
        state = *next;
      }
      EXPECT_TRUE(same_shape(state, plan->after));
      auto again = gpu;
      again.state = state;
      again.made = plan->made;
      again.clients.clear();
      const auto second = plan_gpu(again, target);
      ASSERT_TRUE(second);
      EXPECT_TRUE(second->steps.empty()) << step_text(gpu.capability, second->steps[0]);
    }
  }
  EXPECT_GT(planned, 400U);
}

std::vector<std::string> texts(const model::Gpu& gpu, const model::GpuPlan& plan) {
  std::vector<std::string> all;
  for (const auto& step : plan.steps) all.push_back(step_text(gpu.capability, step));
  return all;
}

TEST(PlanSettings, AreSetOnlyWhereTheyDiffer) {
  auto gpu = gpu_of("a100-40gb");
  gpu.state.compute_mode = model::ComputeMode::shared;
  gpu.state.time_slice = model::TimeSlice::brief;
  model::Target target;
  target.mig = true;
  target.settings.compute_mode = model::ComputeMode::exclusive_process;
  target.settings.time_slice = model::TimeSlice::brief;
  const auto plan = plan_gpu(gpu, target);
  ASSERT_TRUE(plan);
  EXPECT_EQ(texts(gpu, *plan), std::vector<std::string>{"set the compute mode to Exclusive_Process"});
  EXPECT_EQ(plan->after.compute_mode, model::ComputeMode::exclusive_process);
  EXPECT_EQ(plan->cost.steps, 1U);
}

TEST(PlanSettings, AreSetAgainAfterASwitchThatResetsTheGpu) {
  for (const auto* product : {"a100-40gb", "h100"}) {
    auto gpu = gpu_of(product);
    gpu.state.compute_mode = model::ComputeMode::exclusive_process;
    model::Target target;
    target.mig = false;
    target.settings.compute_mode = model::ComputeMode::exclusive_process;
    const auto plan = plan_gpu(gpu, target);
    ASSERT_TRUE(plan);
    std::vector<std::string> expected = {"disable MIG mode"};
    if (gpu.capability.mode.switch_resets) expected.push_back("set the compute mode to Exclusive_Process");
    EXPECT_EQ(texts(gpu, *plan), expected) << product;
  }
}

TEST(PlanSettings, OnAGpuWithoutMig) {
  auto gpu = gpu_of("t4");
  gpu.state.mig = {};
  model::Target target;
  target.settings.time_slice = model::TimeSlice::medium;
  const auto plan = plan_gpu(gpu, target);
  ASSERT_TRUE(plan);
  EXPECT_EQ(texts(gpu, *plan), std::vector<std::string>{"set the time slice to medium"});
}

}  // namespace
}  // namespace gpuslice::plan
