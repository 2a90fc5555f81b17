// A switch of MIG mode that stays pending because of clients.
#include <gtest/gtest.h>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;

TEST_F(Change, APendingModeSwitchIsRolledBack) {
  gpu(0).mig = {false, false};
  gpu(0).activation = node::err_in_use;
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::step_failed);
  EXPECT_EQ(refused.error().why.kind, ErrorKind::refused);
  EXPECT_EQ(refused.error().restored, Restored::all);
  EXPECT_FALSE(gpu(0).mig.pending);
}

TEST_F(Change, AModeSwitchThatWasPendingBeforeStaysPending) {
  gpu(0).mig = {false, true};
  gpu(0).activation = node::err_in_use;
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().why.what.find("the switch stays pending, as it was"), std::string::npos);
  EXPECT_EQ(refused.error().restored, Restored::all);
  EXPECT_TRUE(gpu(0).mig.pending);
}

TEST_F(Change, APendingSwitchIsCancelledAtOnce) {
  gpu(0).mig = {false, false};
  gpu(0).activation = node::err_in_use;
  node::testing::Journal at_once;
  on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::step_failed) at_once = driver->journal;
  };
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(at_once, (node::testing::Journal{"mig 1", "mig 0"})) << "before anything else can fail";
  EXPECT_TRUE(refused.error().why.what.starts_with("cannot enable MIG mode now: the driver answers "))
      << refused.error().why.what;
  EXPECT_EQ(refused.error().why.what.find("stays pending"), std::string::npos) << refused.error().why.what;
}

TEST_F(Change, ALostPendingSwitchRemains) {
  gpu(0).mig = {false, true};
  gpu(0).create_ci.codes = {node::err_insufficient_resources};
  const auto failed = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().restored, Restored::not_all);
  EXPECT_EQ(failed.error().recorded, Recorded::journalled);
  EXPECT_EQ(failed.error().remains,
            (std::vector<Remainder>{{GpuIndex{0}, "", "still to do: MIG mode on was pending and no longer is"}}));
}

}  // namespace
}  // namespace gpuslice::ops
