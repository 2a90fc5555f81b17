// Ctrl-C as a stop request.
#include "cli/interrupts.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace gpuslice::cli {
namespace {

TEST(Interrupts, AreAStopRequestWhileOneLives) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const Interrupts interrupts;
    EXPECT_FALSE(interrupts.token().stop_requested());
    ASSERT_EQ(std::raise(signal), 0);
    while (!interrupts.token().stop_requested()) std::this_thread::yield();
  }
}

TEST(Interrupts, AnOutputThatNobodyReadsIsNone) {
  const Interrupts interrupts;
  ASSERT_EQ(std::raise(SIGPIPE), 0);
  EXPECT_FALSE(interrupts.token().stop_requested());
}

TEST(Interrupts, EndTheProcessOnceNoneLives) {
  {
    const Interrupts over;
  }
  EXPECT_EXIT(std::raise(SIGTERM), ::testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace gpuslice::cli
