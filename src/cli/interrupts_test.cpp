// Ctrl-C as a stop request.
#include "cli/interrupts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

namespace gpuslice::cli {
namespace {

void wait_for(const std::stop_token& token) {
  while (!token.stop_requested()) std::this_thread::yield();
}

TEST(Interrupts, SignalsAreAStopRequestWhileAnObjectExists) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const Interrupts interrupts;
    EXPECT_FALSE(interrupts.token().stop_requested());
    EXPECT_EQ(Interrupts::signal(), 0);
    ASSERT_EQ(std::raise(signal), 0);
    wait_for(interrupts.token());
    EXPECT_EQ(Interrupts::signal(), signal);
    EXPECT_FALSE(interrupts.leave_token().stop_requested());
  }
}

TEST(Interrupts, ASecondCtrlCRequestsToLeaveTheRollbackAndEachIsReportedAtOnce) {
  std::atomic<int> stops{0};
  std::atomic<int> leaves{0};
  const Interrupts interrupts([&](int signal, bool again) {
    EXPECT_EQ(signal, SIGINT);
    ++(again ? leaves : stops);
  });
  ASSERT_EQ(std::raise(SIGINT), 0);
  while (stops == 0) std::this_thread::yield();
  ASSERT_EQ(std::raise(SIGINT), 0);  // indistinguishable from the same key press
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
  EXPECT_FALSE(interrupts.leave_token().stop_requested());
  ASSERT_EQ(std::raise(SIGINT), 0);
  wait_for(interrupts.leave_token());
  while (leaves == 0) std::this_thread::yield();
  EXPECT_EQ(stops, 1);
}

// timeout(1) sends it to the process and to its group.
TEST(Interrupts, ASecondSigtermDoesNotRequestToLeaveTheRollback) {
  for (const int signal : {SIGTERM, SIGHUP}) {
    const Interrupts interrupts;
    ASSERT_EQ(std::raise(signal), 0);
    wait_for(interrupts.token());
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    ASSERT_EQ(std::raise(signal), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_FALSE(interrupts.leave_token().stop_requested());
  }
}

TEST(Interrupts, SigpipeIsNoStopRequest) {
  const Interrupts interrupts;
  ASSERT_EQ(std::raise(SIGPIPE), 0);
  EXPECT_FALSE(interrupts.token().stop_requested());
}

TEST(Interrupts, SignalsEndTheProcessWhenNoObjectExists) {
  {
    const Interrupts over;
  }
  EXPECT_EXIT(std::raise(SIGTERM), ::testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace gpuslice::cli
