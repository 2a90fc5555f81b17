// Waiting for another gpuslice that is changing the node.
#include "ops/lock_wait.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <optional>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

class Waiting : public testing::Change {
 protected:
  // Another gpuslice, which holds the lock until it is released.
  void hold() { held_.emplace(*store::NodeStore(dir.path("store")).lock("apply", "bob", "2026-11-20T23:59:00Z")); }
  void let_go() { held_.reset(); }
  [[nodiscard]] std::vector<std::string> waits() const {
    std::vector<std::string> all;
    for (const auto& event : events)
      if (event.kind == Event::Kind::waiting) all.push_back(event.text);
    return all;
  }

 private:
  std::optional<store::Lock> held_;
};

TEST_F(Waiting, DoesNotWaitUnlessAsked) {
  hold();
  const auto refused = apply(layout({"1g.5gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::busy);
  EXPECT_EQ(refused.error().hint(),
            "add " + Hint::option("wait") + " to wait until it ends, or --wait=SECONDS to wait at most that long");
  EXPECT_EQ(host.slept.count(), 0);
  EXPECT_TRUE(waits().empty());
}

TEST_F(Waiting, EndsWithTheOtherChangeAndIsReportedOnce) {
  hold();
  options.wait = ChangeOptions::without_end;
  int slept = 0;
  host.on_sleep = [&] {
    if (++slept == 3) let_go();
  };
  ASSERT_TRUE(apply(layout({"1g.5gb"})));
  const auto self = std::to_string(::getpid());
  EXPECT_EQ(waits(), (std::vector<std::string>{"waiting for gpuslice apply of bob (process " + self +
                                               ", since 2026-11-20T23:59:00Z)"}));
  EXPECT_EQ(slept, 3);
}

TEST_F(Waiting, EndsAfterItsTimeLimit) {
  hold();
  options.wait = std::chrono::milliseconds(200);
  const auto refused = apply(layout({"1g.5gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::busy);
  EXPECT_TRUE(refused.error().why.what.ends_with("; waited 0.2 s")) << refused.error().why.what;
  EXPECT_EQ(waits().size(), 1U);
  EXPECT_LE(host.slept, options.wait);
}

TEST_F(Waiting, EndsWithAStopRequest) {
  hold();
  std::stop_source stop;
  options.wait = ChangeOptions::without_end;
  options.stop = stop.get_token();
  host.on_sleep = [&] { stop.request_stop(); };
  const auto before = gpu(0).instances.size();
  const auto refused = apply(layout({"1g.5gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::interrupted);
  EXPECT_EQ(refused.error().restored, Restored::untouched);
  EXPECT_EQ(gpu(0).instances.size(), before);
}

TEST_F(Waiting, RecoveryAndDryRunWaitToo) {
  options.wait = ChangeOptions::without_end;
  host.on_sleep = [&] { let_go(); };
  hold();
  EXPECT_TRUE(recover(subject(), options, false));
  hold();
  EXPECT_TRUE(foresee(subject(), options));
  EXPECT_EQ(waits().size(), 2U);
}

}  // namespace
}  // namespace gpuslice::ops
