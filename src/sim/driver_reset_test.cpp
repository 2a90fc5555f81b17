// A reset of a GPU is one transaction: a process killed at any moment has done all of the reset or nothing of it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "sim/testing/temp_node.hpp"

namespace gpuslice::sim {
namespace {

using testing::HeldClient;
using testing::TempNode;

class Reset : public ::testing::Test {
 protected:
  Reset() {
    node.start.gpus[0].mig.mode = node.start.gpus[0].mig.pending = true;
    for (auto& gpu : node.start.gpus) gpu.usage.until_us = 1;
    node.make();
    driver = node.open();
    make_dirty();
  }
  // Changes everything that a reset changes.
  void make_dirty() const {
    ASSERT_TRUE(driver->create_gi(0, mig::GiProfileId{19}, std::nullopt));
    ASSERT_TRUE(driver->state().transact([](NodeDynamic& all) {
      auto& gpu = all.gpus[0];
      gpu.lost = 1;
      gpu.ecc_pending = 1 - gpu.ecc;
      gpu.settings.power_limit_mw = 300'000;
      gpu.memory_errors.recent.dram_uncorrected = gpu.memory_errors.remaps_pending = 1;
      return true;
    }));
  }
  [[nodiscard]] static bool is_dirty(const GpuDynamic& gpu) {
    return gpu.mig.partition.instances.size() == 1 && gpu.lost == 1 && gpu.ecc_pending != gpu.ecc &&
           gpu.settings.power_limit_mw == 300'000 && gpu.memory_errors.recent.dram_uncorrected == 1 &&
           gpu.memory_errors.remaps_pending == 1;
  }
  [[nodiscard]] static bool is_clean(const GpuDynamic& gpu) {
    return gpu.mig.partition.instances.empty() && gpu.lost == 0 && gpu.ecc_pending == gpu.ecc &&
           gpu.settings == GpuSettings{} && gpu.memory_errors.recent == ErrorCounts{} &&
           gpu.memory_errors.remaps_pending == 0;
  }
  void order_refusal(std::uint64_t nth) const {
    ASSERT_TRUE(driver->state().transact([&](NodeDynamic& all) {
      Fault fault;
      fault.kind = FaultKind::refuse_reset;
      fault.nth = nth;
      return order_fault(all.orders, fault).has_value();
    }));
  }

  TempNode node{{{"a100-40gb"}}};
  std::unique_ptr<Driver> driver;
};

TEST_F(Reset, IsOneCommit) {
  ASSERT_TRUE(is_dirty(driver->gpu(0)));
  const auto before = driver->state().generation();
  ASSERT_TRUE(driver->reset(0));
  EXPECT_TRUE(is_clean(driver->gpu(0)));
  EXPECT_EQ(driver->state().generation(), before + 1);
  EXPECT_EQ(driver->watch() & watch_lost, 0U);
}

TEST_F(Reset, OfAGpuWithNothingToResetIsOneCommitToo) {
  ASSERT_TRUE(driver->reset(0));
  const auto before = driver->state().generation();
  ASSERT_TRUE(driver->reset(0));
  EXPECT_TRUE(is_clean(driver->gpu(0)));
  EXPECT_EQ(driver->state().generation(), before + 1);
}

// A refuse_reset fault is counted in the commit of the reset if the reset succeeds, and in a commit of its own if the
// reset is refused.
TEST_F(Reset, CountsItsFaultInTheSameCommit) {
  order_refusal(2);
  const auto before = driver->state().generation();
  ASSERT_TRUE(driver->reset(0));
  EXPECT_TRUE(is_clean(driver->gpu(0)));
  EXPECT_EQ(driver->orders().faults[0].seen, 1U);
  EXPECT_EQ(driver->state().generation(), before + 1);
  make_dirty();
  const auto dirty = driver->state().generation();
  const auto refused = driver->reset(0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().refusal.reason, mig::RefusalReason::in_use);
  EXPECT_TRUE(is_dirty(driver->gpu(0)));
  EXPECT_EQ(driver->orders().faults[0].fired, 1U);
  EXPECT_EQ(driver->state().generation(), dirty + 1);
}

TEST_F(Reset, RefusedBecauseOfAClientChangesNothing) {
  Client client;
  client.kinds = 2;
  const HeldClient held(*driver, client);
  const auto before = driver->state().generation();
  EXPECT_FALSE(driver->reset(0));
  EXPECT_TRUE(is_dirty(driver->gpu(0)));
  EXPECT_EQ(driver->state().generation(), before);
}

TEST_F(Reset, KilledAnywhereIsAllOrNothing) {
  for (int round = 0; round < 100; ++round) {
    const auto pid = ::fork();
    if (pid == 0) {
      const auto own = node.open();
      ::_exit(own->reset(0) ? 0 : 1);
    }
    ::usleep(static_cast<useconds_t>(round * 5));
    ::kill(pid, SIGKILL);
    ASSERT_EQ(::waitpid(pid, nullptr, 0), pid);
    const auto gpu = driver->gpu(0);
    ASSERT_TRUE(is_clean(gpu) || is_dirty(gpu)) << round;
    if (is_clean(gpu)) make_dirty();
  }
}

}  // namespace
}  // namespace gpuslice::sim
