// A switch of MIG mode that waits for clients.
#include <gtest/gtest.h>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;

TEST_F(Change, AModeSwitchThatWaitsForClientsIsTakenBack) {
  gpu(0).mig = {false, false};
  gpu(0).activation = node::err_in_use;
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_FALSE(gpu(0).mig.pending);
}

TEST_F(Change, AModeSwitchThatWaitedBeforeGoesOnWaiting) {
  gpu(0).mig = {false, true};
  gpu(0).activation = node::err_in_use;
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("the switch stays pending, as it was"), std::string::npos);
  EXPECT_TRUE(refused.error().what.ends_with("; everything is as it was before")) << refused.error().what;
  EXPECT_TRUE(gpu(0).mig.pending);
}

TEST_F(Change, ASwitchThatWaitsIsTakenBackAtOnce) {
  gpu(0).mig = {false, false};
  gpu(0).activation = node::err_in_use;
  node::testing::Journal at_once;
  on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::step_failed) at_once = driver->journal;
  };
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(at_once, (node::testing::Journal{"mig 1", "mig 0"})) << "before anything else can fail";
  EXPECT_TRUE(refused.error().what.starts_with("cannot enable MIG mode now: the driver answers "))
      << refused.error().what;
  EXPECT_EQ(refused.error().what.find("stays pending"), std::string::npos) << refused.error().what;
}

TEST_F(Change, ASwitchThatWaitedBeforeAndIsLostRemains) {
  gpu(0).mig = {false, true};
  gpu(0).create_ci.codes = {node::err_insufficient_resources};
  const auto failed = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().what.find("not everything could be put back; remains:\n  GPU 0: still to do: MIG mode on "
                                     "was pending and is not any more"),
            std::string::npos)
      << failed.error().what;
  EXPECT_TRUE(failed.error().midway);
}

}  // namespace
}  // namespace gpuslice::ops
