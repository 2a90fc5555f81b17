// What the store shows about a change that another process is executing.
#include "ops/under_way.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using UnderWayChange = testing::Change;

store::Transaction change_of(std::string started) {
  store::Transaction t;
  t.verb = "apply";
  t.user = "bob";
  t.started = std::move(started);
  t.gpus.resize(2);
  t.gpus[0].index = GpuIndex{1};
  t.gpus[1].index = GpuIndex{3};
  return t;
}

TEST_F(UnderWayChange, NoneWithoutALockHolder) {
  EXPECT_FALSE(under_way(subject().store));
  interrupt(change_of("2026-11-21T00:00:00Z"));
  EXPECT_FALSE(under_way(subject().store)) << "it was interrupted";
}

TEST_F(UnderWayChange, HasItsGpusOnceTheJournalIsWritten) {
  const auto store = subject().store;
  const auto lock = store.lock("apply", "bob", "2026-11-21T00:00:00Z");
  ASSERT_TRUE(lock);
  auto now = under_way(store);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->by, (store::Holder{::getpid(), "apply", "bob", "2026-11-21T00:00:00Z"}));
  EXPECT_EQ(now->number, 0U);
  EXPECT_FALSE(now->gpus);

  auto change = change_of("2026-11-21T00:00:00Z");
  ASSERT_TRUE(store.begin(change));
  now = under_way(store);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->number, change.number);
  EXPECT_EQ(now->gpus, (std::vector{GpuIndex{1}, GpuIndex{3}}));
  EXPECT_TRUE(see(subject())->changing);
}

TEST_F(UnderWayChange, IsNotTheInterruptedChangeThatIsRecoveredFirst) {
  interrupt(change_of("2026-11-20T00:00:00Z"));
  const auto store = subject().store;
  const auto lock = store.lock("apply", "bob", "2026-11-21T00:00:00Z");
  ASSERT_TRUE(lock);
  const auto now = under_way(store);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->number, 0U);
  EXPECT_EQ(now->gpus, (std::vector{GpuIndex{1}, GpuIndex{3}}))
      << "the GPUs of the interrupted change are being changed";
}

TEST_F(UnderWayChange, IsShownForAProcessThatWroteNothing) {
  const auto store = subject().store;
  const auto lock = store.lock("apply");
  ASSERT_TRUE(lock);
  std::ofstream(dir.path("store/changing")) << "";
  const auto now = under_way(store);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->by, store::Holder{});
}

}  // namespace
}  // namespace gpuslice::ops
