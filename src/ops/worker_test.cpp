// Calls run one after another on their own thread; a hung call is abandoned, and may return later.
#include "ops/worker.hpp"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace gpuslice::ops {
namespace {

using End = Worker::End;
using Clock = std::chrono::steady_clock;

Clock::time_point at_once() { return Clock::now(); }
// Far longer than any test; only a failing test waits that long.
Clock::time_point in_time() { return Clock::now() + std::chrono::minutes(5); }

// A call that blocks until it is released.
struct Hanging {
  std::promise<void> let_go;
  std::promise<void> began;
  std::function<void()> call() {
    return [this] {
      began.set_value();
      let_go.get_future().wait();
    };
  }
};

TEST(Worker, RunsCallsInOrder) {
  std::vector<int> order;
  Worker worker;
  auto first = worker.begin([&] { order.push_back(1); });
  auto second = worker.begin([&] { order.push_back(2); });
  EXPECT_EQ(second.wait(in_time()), End::done);
  EXPECT_EQ(first.wait(in_time()), End::done);
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  EXPECT_FALSE(worker.hung());
}

TEST(Worker, AbandonsAHungCallAndNoticesWhenItReturns) {
  Hanging hanging;
  Worker worker;
  auto ticket = worker.begin(hanging.call());
  hanging.began.get_future().wait();
  EXPECT_FALSE(worker.hung()) << "it was not abandoned";
  EXPECT_EQ(ticket.wait(at_once()), End::hung);
  EXPECT_TRUE(worker.hung());
  hanging.let_go.set_value();
  while (worker.hung()) std::this_thread::yield();
  EXPECT_EQ(worker.begin([] {}).wait(in_time()), End::done);
  EXPECT_EQ(ticket.wait(at_once()), End::done);
}

TEST(Worker, CallsAfterAHungOneAreNotWaitedForAndNeverStart) {
  bool ran = false;
  Hanging hanging;
  Worker worker;
  auto first = worker.begin(hanging.call());
  hanging.began.get_future().wait();
  auto waiting = worker.begin([&] { ran = true; });
  EXPECT_EQ(first.wait(at_once()), End::hung);
  EXPECT_EQ(waiting.wait(in_time()), End::hung);
  EXPECT_EQ(worker.begin([&] { ran = true; }).wait(in_time()), End::hung);
  hanging.let_go.set_value();
  while (worker.hung()) std::this_thread::yield();
  EXPECT_EQ(worker.begin([] {}).wait(in_time()), End::done);
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace gpuslice::ops
