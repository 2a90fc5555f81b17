#include "ops/verdict.hpp"

#include <gtest/gtest.h>

namespace gpuslice::ops {
namespace {

using Kind = Verdict::Kind;

model::Client client(std::uint32_t pid) {
  model::Client one;
  one.pid = pid;
  return one;
}

model::Plan plan_of(std::vector<model::Step> steps) {
  model::Plan plan;
  plan.gpus.emplace_back().steps = std::move(steps);
  return plan;
}

TEST(Verdict, APlanWithoutStepsHasNothingToDo) { EXPECT_EQ(verdict_of(plan_of({}), false).kind, Kind::nothing_to_do); }

TEST(Verdict, StepsThatStopNoClientAreReady) {
  EXPECT_EQ(verdict_of(plan_of({{model::SetMig{true}, "", {}}}), false).kind, Kind::ready);
}

TEST(Verdict, ClientsRefuseItUnlessTheCallerGivesAWayToStopThem) {
  const auto plan = plan_of({{model::DestroyCi{}, "", {client(7)}}, {model::DestroyGi{}, "", {client(7), client(8)}}});
  const auto refused = verdict_of(plan, false);
  EXPECT_EQ(refused.kind, Kind::stops_clients);
  EXPECT_TRUE(refused.refused());
  ASSERT_EQ(refused.stops.size(), 2U) << "a client of two steps is listed once";
  EXPECT_EQ(refused.stops[1].client.pid, 8U);
  const auto ready = verdict_of(plan, true);
  EXPECT_EQ(ready.kind, Kind::ready);
  EXPECT_FALSE(ready.refused());
  EXPECT_EQ(ready.stops.size(), 2U);
}

TEST(Verdict, ForceDoesNotReplaceAReboot) {
  const auto plan = plan_of({{model::ComputeDisplay{}, "", {}}, {model::Reboot{}, "", {client(7)}}});
  EXPECT_EQ(verdict_of(plan, true).kind, Kind::needs_reboot);
  EXPECT_TRUE(verdict_of(plan, true).refused());
}

}  // namespace
}  // namespace gpuslice::ops
