#include "sim/faults.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "sim/testing/temp_node.hpp"

namespace gpuslice::sim {
namespace {

using End = Verdict::End;

constexpr CallSubject create_on_0{"nvmlDeviceCreateGpuInstance", CallKind::create_gi, 0};
constexpr CallSubject destroy_on_1{"nvmlGpuInstanceDestroy", CallKind::destroy_gi, 1};
constexpr CallSubject name_of_0{"nvmlDeviceGetName", CallKind::reading, 0};
constexpr CallSubject count_gpus{"nvmlDeviceGetCount_v2", CallKind::reading, std::nullopt};

Fault fault(FaultKind kind, FaultScope scope = FaultScope::mutating, std::string_view function = "") {
  Fault made;
  made.kind = kind;
  made.scope = scope;
  made.code = 19;
  made.function.set(function);
  return made;
}

std::uint32_t order(Orders& orders, const Fault& fault) {
  const auto number = order_fault(orders, fault);
  EXPECT_TRUE(number) << number.error().message();
  return number.value_or(0);
}

TEST(Faults, AffectTheCallsTheyName) {
  EXPECT_TRUE(matches(fault(FaultKind::fail), create_on_0));
  EXPECT_FALSE(matches(fault(FaultKind::fail), name_of_0));
  EXPECT_TRUE(matches(fault(FaultKind::fail, FaultScope::any), name_of_0));
  EXPECT_TRUE(matches(fault(FaultKind::fail, FaultScope::any), count_gpus));
  const auto named = fault(FaultKind::fail, FaultScope::function, "nvmlDeviceGetName");
  EXPECT_TRUE(matches(named, name_of_0));
  EXPECT_FALSE(matches(named, create_on_0));
}

TEST(Faults, OnOneGpuIgnoreCallsOnAnotherOrOnNone) {
  auto on_0 = fault(FaultKind::fail, FaultScope::any);
  on_0.gpu = 0;
  EXPECT_TRUE(matches(on_0, create_on_0));
  EXPECT_FALSE(matches(on_0, destroy_on_1));
  EXPECT_FALSE(matches(on_0, count_gpus));
}

TEST(Faults, OnlyACallOnAGpuCanLoseOne) {
  EXPECT_TRUE(matches(fault(FaultKind::lose, FaultScope::any), name_of_0));
  EXPECT_FALSE(matches(fault(FaultKind::lose, FaultScope::any), count_gpus));
}

TEST(Faults, AnXidNeedsAGpuAndDoesNotEndTheCall) {
  Orders orders;
  auto one = fault(FaultKind::xid, FaultScope::any);
  one.code = 43;
  EXPECT_TRUE(matches(one, name_of_0));
  EXPECT_FALSE(matches(one, count_gpus));
  order(orders, one);
  one.code = 13;
  order(orders, one);
  order(orders, fault(FaultKind::fail, FaultScope::any));
  const auto verdict = count_call(orders, name_of_0);
  EXPECT_EQ(verdict.end, End::fail) << "an XID takes effect together with another fault, as a delay does";
  EXPECT_EQ(verdict.number, 3u);
  ASSERT_EQ(verdict.xids.size(), 2u);
  EXPECT_EQ(verdict.xids[0], 43u);
  EXPECT_EQ(verdict.xids[1], 13u);
  EXPECT_EQ(count_call(orders, name_of_0).xids.size(), 0u) << "done";
  order(orders, one);
  const auto alone = count_call(orders, name_of_0);
  EXPECT_EQ(alone.end, End::none);
  EXPECT_EQ(alone.number, 4u);
}

TEST(Faults, OnlyACallThatChangesSomethingCanFalselySucceed) {
  EXPECT_TRUE(matches(fault(FaultKind::lie, FaultScope::any), create_on_0));
  EXPECT_FALSE(matches(fault(FaultKind::lie, FaultScope::any), name_of_0));
  Orders orders;
  order(orders, fault(FaultKind::lie));
  EXPECT_EQ(count_call(orders, create_on_0).end, End::lie);
  EXPECT_EQ(count_call(orders, create_on_0).end, End::none);
}

TEST(Faults, AResetIsAffectedByRefuseResetOnly) {
  const CallSubject reset{"reset", CallKind::reset, 0};
  EXPECT_TRUE(matches(fault(FaultKind::refuse_reset, FaultScope::any), reset));
  EXPECT_FALSE(matches(fault(FaultKind::refuse_reset, FaultScope::any), create_on_0));
  EXPECT_FALSE(matches(fault(FaultKind::fail, FaultScope::any), reset));
  EXPECT_FALSE(matches(fault(FaultKind::fail, FaultScope::mutating), reset));
  Orders orders;
  order(orders, fault(FaultKind::refuse_reset, FaultScope::any));
  EXPECT_EQ(count_call(orders, reset).end, End::refuse);
  EXPECT_EQ(count_call(orders, reset).end, End::none);
}

TEST(Faults, AffectTheNthCallOnce) {
  Orders orders;
  auto third = fault(FaultKind::fail);
  third.nth = 3;
  const auto number = order(orders, third);
  EXPECT_EQ(count_call(orders, create_on_0).end, End::none);
  EXPECT_EQ(count_call(orders, name_of_0).end, End::none);  // does not match, so it does not count
  EXPECT_EQ(count_call(orders, destroy_on_1).end, End::none);
  const auto verdict = count_call(orders, create_on_0);
  EXPECT_EQ(verdict.end, End::fail);
  EXPECT_EQ(verdict.code, 19U);
  EXPECT_EQ(verdict.number, number);
  EXPECT_TRUE(is_spent(orders.faults[0]));
  EXPECT_FALSE(any_waits_for(orders, create_on_0));
  EXPECT_EQ(count_call(orders, create_on_0).end, End::none);
  EXPECT_EQ(orders.faults[0].seen, 3U);
  EXPECT_EQ(orders.faults[0].fired, 1U);
}

TEST(Faults, RepeatForALimitedNumberOfCallsOrForEver) {
  Orders orders;
  auto twice = fault(FaultKind::fail);
  twice.nth = 2;
  twice.repeat = 2;
  order(orders, twice);
  std::vector<End> ends;
  for (int i = 0; i < 5; ++i) ends.push_back(count_call(orders, create_on_0).end);
  EXPECT_EQ(ends, (std::vector{End::none, End::fail, End::fail, End::none, End::none}));

  Orders always;
  auto endless = fault(FaultKind::kill_after);
  endless.repeat = 0;
  order(always, endless);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(count_call(always, create_on_0).end, End::kill_after);
  EXPECT_FALSE(is_spent(always.faults[0]));
}

TEST(Faults, TheFirstInjectedEndsTheCallAndTheNextAffectsALaterOne) {
  Orders orders;
  const auto first = order(orders, fault(FaultKind::kill_before));
  const auto second = order(orders, fault(FaultKind::fail));
  auto verdict = count_call(orders, create_on_0);
  EXPECT_EQ(verdict.end, End::kill_before);
  EXPECT_EQ(verdict.number, first);
  verdict = count_call(orders, create_on_0);
  EXPECT_EQ(verdict.end, End::fail);
  EXPECT_EQ(verdict.number, second);
}

TEST(Faults, DelaysAddUpAndDoNotEndTheCall) {
  Orders orders;
  auto slow = fault(FaultKind::delay);
  slow.delay_us = 300;
  order(orders, slow);
  slow.delay_us = 40;
  const auto last = order(orders, slow);
  auto verdict = count_call(orders, create_on_0);
  EXPECT_EQ(verdict.end, End::none);
  EXPECT_EQ(verdict.delay_us, 340U);
  EXPECT_EQ(verdict.number, last);

  order(orders, slow);
  const auto fails = order(orders, fault(FaultKind::fail));
  order(orders, slow);
  verdict = count_call(orders, create_on_0);
  EXPECT_EQ(verdict.end, End::fail);
  EXPECT_EQ(verdict.delay_us, 80U);
  EXPECT_EQ(verdict.number, fails);
}

TEST(Faults, NumbersAreNotReusedAndCountsStartAtZero) {
  Orders orders;
  auto used = fault(FaultKind::fail);
  used.seen = used.fired = 7;
  EXPECT_EQ(order(orders, used), 1U);
  EXPECT_EQ(orders.faults[0].seen, 0U);
  EXPECT_EQ(orders.faults[0].fired, 0U);
  orders.faults = {};
  EXPECT_EQ(order(orders, used), 2U);
}

TEST(Faults, AFullListDropsItsOldestSpentFaultButNoActiveOne) {
  Orders orders;
  auto destroy_1 = fault(FaultKind::fail, FaultScope::function, "nvmlGpuInstanceDestroy");
  order(orders, fault(FaultKind::fail));
  order(orders, destroy_1);
  for (std::size_t i = 2; i < max_faults; ++i) order(orders, fault(FaultKind::fail));
  const auto refused = order_fault(orders, fault(FaultKind::lose));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_EQ(refused.error().message(),
            "the faults of the node: are already 32, the maximum, and all of them are still active");

  EXPECT_EQ(count_call(orders, destroy_on_1).number, 1U);
  EXPECT_EQ(count_call(orders, destroy_on_1).number, 2U);
  EXPECT_EQ(order(orders, fault(FaultKind::lose)), 33U);
  EXPECT_EQ(orders.faults.front().number, 2U);
  EXPECT_EQ(orders.faults.back().number, 33U);
}

TEST(Watch, IsZeroWithoutActiveFaultsLostGpusAndLatencies) {
  NodeDynamic state;
  EXPECT_EQ(watch_of(state), 0U);
  order(state.orders, fault(FaultKind::fail));
  EXPECT_EQ(watch_of(state), watch_faults);
  EXPECT_EQ(count_call(state.orders, create_on_0).end, End::fail);
  EXPECT_EQ(watch_of(state), 0U);
  state.gpus[3].lost = 1;
  EXPECT_EQ(watch_of(state), watch_lost);
  state.orders.latencies.destroy_ci = 1;
  state.orders.traced = 1;
  EXPECT_EQ(watch_of(state), watch_lost | watch_latencies | watch_trace);
}

TEST(Watch, IsSetFromTheCreationOfANodeOn) {
  testing::TempNode node{{{"a100-40gb"}}};
  node.start.orders.latencies.set_mode = 5;
  node.make();
  EXPECT_EQ(node.open()->watch(), watch_latencies);
}

class FaultsOfANode : public ::testing::Test {
 protected:
  void SetUp() override { node.make(); }
  void inject(const Fault& fault) const {
    const auto driver = node.open();
    ASSERT_TRUE(driver->state().transact([&](NodeDynamic& all) { return order_fault(all.orders, fault).has_value(); }));
  }
  testing::TempNode node{{{"a100-40gb"}, {"a100-40gb"}}};
};

TEST_F(FaultsOfANode, AffectProcessesThatAlreadyRun) {
  const auto driver = node.open();
  EXPECT_EQ(driver->watch(), 0U);
  inject(fault(FaultKind::fail));
  EXPECT_EQ(driver->watch(), watch_faults);
  EXPECT_EQ(driver->judge(driver->orders(), create_on_0).end, End::fail);
  EXPECT_EQ(driver->watch(), 0U);
  EXPECT_EQ(node.open()->orders().faults[0].fired, 1U);
}

TEST_F(FaultsOfANode, ACallThatMatchesNoneChangesNothing) {
  inject(fault(FaultKind::fail));
  const auto driver = node.open();
  const auto before = driver->state().generation();
  EXPECT_EQ(driver->judge(driver->orders(), name_of_0).end, End::none);
  EXPECT_EQ(driver->state().generation(), before);
}

TEST_F(FaultsOfANode, AreCountedExactlyAcrossManyProcesses) {
  constexpr int processes = 8;
  constexpr int calls = 500;
  auto some = fault(FaultKind::fail);
  some.nth = 1000;
  some.repeat = 777;
  inject(some);
  auto all = fault(FaultKind::delay);
  all.repeat = 0;
  inject(all);
  std::vector<int> pipes;
  for (int i = 0; i < processes; ++i) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    if (::fork() == 0) {
      const auto driver = node.open();
      std::uint32_t failed = 0;
      for (int call = 0; call < calls; ++call)
        failed += driver->judge(driver->orders(), create_on_0).end == End::fail ? 1 : 0;
      ::_exit(::write(ends[1], &failed, sizeof failed) == sizeof failed ? 0 : 1);
    }
    ::close(ends[1]);
    pipes.push_back(ends[0]);
  }
  std::uint32_t failed = 0;
  for (const int end : pipes) {
    std::uint32_t one = 0;
    EXPECT_EQ(::read(end, &one, sizeof one), static_cast<ssize_t>(sizeof one));
    failed += one;
    ::close(end);
  }
  while (::wait(nullptr) > 0) {
  }
  EXPECT_EQ(failed, 777U);
  const auto orders = node.open()->orders();
  EXPECT_EQ(orders.faults[0].seen, 1000U + 777U - 1U);
  EXPECT_EQ(orders.faults[0].fired, 777U);
  EXPECT_EQ(orders.faults[1].fired, static_cast<std::uint64_t>(processes * calls));
}

TEST_F(FaultsOfANode, AResetRecoversALostGpu) {
  inject(fault(FaultKind::lose, FaultScope::any));
  const auto driver = node.open();
  EXPECT_EQ(driver->judge(driver->orders(), destroy_on_1).end, End::lose);
  EXPECT_EQ(driver->gpu(0).lost, 0U);
  EXPECT_EQ(driver->gpu(1).lost, 1U);
  EXPECT_EQ(driver->watch(), watch_lost);
  EXPECT_TRUE(driver->reset(0));
  EXPECT_EQ(driver->gpu(1).lost, 1U);
  EXPECT_TRUE(driver->reset(1));
  EXPECT_EQ(driver->gpu(1).lost, 0U);
  EXPECT_EQ(driver->watch(), 0U);
}

TEST_F(FaultsOfANode, ARebootRecoversALostGpuAndKeepsFaults) {
  inject(fault(FaultKind::lose, FaultScope::any));
  inject(fault(FaultKind::fail));
  const auto driver = node.open();
  EXPECT_EQ(driver->judge(driver->orders(), destroy_on_1).end, End::lose);
  EXPECT_TRUE(driver->reboot());
  EXPECT_EQ(driver->gpu(1).lost, 0U);
  EXPECT_EQ(driver->watch(), watch_faults);
}

TEST_F(FaultsOfANode, DoNotAffectProcessesWithReadOnlyAccess) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everything";
  inject(fault(FaultKind::fail));
  ASSERT_EQ(::chmod(node.dir.path("state").c_str(), 0444), 0);
  const auto driver = node.open();
  EXPECT_EQ(driver->judge(driver->orders(), create_on_0).end, End::none);
  EXPECT_EQ(driver->orders().faults[0].seen, 0U);
}

}  // namespace
}  // namespace gpuslice::sim
