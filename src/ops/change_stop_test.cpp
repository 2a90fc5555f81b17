// A change that a user declines or stops, or whose rollback the user leaves to a later recovery.
#include <gtest/gtest.h>

#include <stop_token>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

class Stopped : public testing::Change {
 protected:
  Stopped() {
    options.stop = stop.get_token();
    options.leave = leave.get_token();
  }
  std::stop_source stop, leave;
};

TEST_F(Stopped, ADeclinedPlanChangesNothing) {
  ASSERT_TRUE(apply(layout({"3g.20gb", "1g.5gb"})));
  const auto before = shape();
  int asked = 0;
  options.confirm = [&](const model::Plan& plan) {
    ++asked;
    EXPECT_EQ(plan.cost().stopped, 4U);
    return false;
  };
  options.before = {"stop it"};
  const auto refused = apply(layout({"7g.40gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::declined);
  EXPECT_EQ(refused.error().restored, Restored::untouched);
  EXPECT_EQ(refused.error().why.kind, ErrorKind::refused);
  EXPECT_EQ(shape(), before);
  EXPECT_TRUE(host.ran.empty());
  EXPECT_FALSE(*subject().store.journal());
  EXPECT_TRUE(apply(layout({"3g.20gb", "1g.5gb"}))) << "no confirmation is asked if there is nothing to do";
  EXPECT_EQ(asked, 1);
}

TEST_F(Stopped, AStopRequestDuringTheQuestionStopsTheChange) {
  options.confirm = [&](const model::Plan&) { return !stop.request_stop(); };
  const auto refused = apply(layout({"1g.5gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::interrupted);
  EXPECT_EQ(refused.error().restored, Restored::untouched);
}

TEST_F(Stopped, AStopRequestEndsItBeforeItsNextStep) {
  const auto before = shape();
  on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::step_done) stop.request_stop();
  };
  ASSERT_FALSE(apply(layout({"3g.20gb", "1g.5gb"})));
  std::size_t steps = 0;
  for (const auto& event : events) {
    if (event.kind == Event::Kind::taking_back) break;
    steps += event.kind == Event::Kind::step ? 1U : 0U;
  }
  EXPECT_EQ(steps, 1U);
  EXPECT_EQ(shape(), before);
}

TEST_F(Stopped, TheLastStepIsRolledBackLikeAnyOther) {
  const auto before = shape();
  on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::step_done && event.step == event.of) stop.request_stop();
  };
  const auto failed = apply(layout({"1g.5gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::interrupted);
  EXPECT_EQ(failed.error().restored, Restored::all);
  EXPECT_EQ(shape(), before);
}

TEST_F(Stopped, ALeftRollbackIsDoneByTheNextRecovery) {
  const auto before = shape();
  options.after = {"start it"};
  on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::step_done) stop.request_stop();
    if (event.kind == Event::Kind::taking_back) leave.request_stop();
  };
  const auto failed = apply(layout({"3g.20gb", "1g.5gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::interrupted);
  EXPECT_EQ(failed.error().restored, Restored::not_all);
  EXPECT_EQ(failed.error().recorded, Recorded::journalled);
  ASSERT_EQ(failed.error().remains.size(), 1U);
  EXPECT_EQ(failed.error().remains[0].message(), "GPU 0: the rollback was interrupted");
  EXPECT_TRUE(host.ran.empty()) << "its hooks wait for the recovery too";
  EXPECT_NE(shape(), before);

  on_event = nullptr;
  // --accept accepts what could not be rolled back, but not a rollback that was not tried.
  const auto left = recover(subject(), options, true);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->remains.size(), 1U);
  EXPECT_TRUE(host.ran.empty());

  options.stop = {};
  options.leave = {};
  const auto recovered = recover(subject(), options, false);
  ASSERT_TRUE(recovered);
  EXPECT_TRUE(recovered->remains.empty());
  EXPECT_EQ(shape(), before);
  EXPECT_EQ(host.ran, std::vector<std::string>{"start it"});
}

}  // namespace
}  // namespace gpuslice::ops
