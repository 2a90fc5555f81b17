// The commands and units around a change: their order, and which of them run after a failure.
#include <gtest/gtest.h>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;

TEST_F(Change, HooksRunAroundItAndTheFinalOnesAlways) {
  options.stop_units = {"dcgm.service", "idle.service"};
  options.before = {"before"};
  options.after = {"after"};
  host.failing = {"systemctl is-active --quiet idle.service"};
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  EXPECT_EQ(host.ran, (std::vector<std::string>{
                          "systemctl is-active --quiet dcgm.service", "systemctl is-active --quiet idle.service",
                          "systemctl cat -- idle.service >/dev/null", "systemctl stop dcgm.service", "before",
                          "systemctl start dcgm.service", "after"}));
  host.ran.clear();
  options.stop_units.clear();
  host.failing = {"before"};
  const auto failed = apply(layout({"7g.40gb"}, model::Foreign::remove));
  ASSERT_FALSE(failed);
  EXPECT_EQ(host.ran, (std::vector<std::string>{"before", "after"}));
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
}

TEST_F(Change, AUnitThatSystemdDoesNotKnowIsRefusedBeforeAnythingIsDone) {
  options.stop_units = {"nosuch.service"};
  host.failing = {"systemctl is-active --quiet nosuch.service", "systemctl cat -- nosuch.service >/dev/null"};
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why.kind, ErrorKind::refused);
  EXPECT_EQ(refused.error().option, "stop-unit");
  EXPECT_EQ(refused.error().restored, Restored::untouched);
  EXPECT_EQ(shape(), "MIG on");
}

TEST_F(Change, AUnitThatIsNoNameIsRefused) {
  options.stop_units = {"x; rm -rf /"};
  const auto refused = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::wrong_options);
  EXPECT_EQ(refused.error().option, "stop-unit");
  EXPECT_EQ(refused.error().why.object, "x; rm -rf /");
  EXPECT_EQ(refused.error().why.kind, ErrorKind::usage);
  EXPECT_TRUE(host.ran.empty());
}

TEST_F(Change, TheJournalIsWrittenBeforeAHookRuns) {
  options.stop_units = {"dcgm.service"};
  options.before = {"before"};
  std::vector<std::string> open;
  host.on_run = [&](const std::string& command) {
    const auto journal = subject().store.journal();
    ASSERT_TRUE(journal);
    if (*journal && (*journal)->afterwards == std::vector<std::string>{"systemctl start dcgm.service"})
      open.push_back(command);
  };
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  EXPECT_EQ(open, (std::vector<std::string>{"systemctl stop dcgm.service", "before"}))
      << "after a kill at this point, the next recovery starts the unit again";
}

TEST_F(Change, NoHookRunsAfterAFailedOne) {
  options.before = {"fails", "second"};
  options.after = {"after"};
  host.failing = {"fails"};
  const auto failed = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::hook_failed);
  EXPECT_EQ(failed.error().restored, Restored::all);
  EXPECT_EQ(host.ran, (std::vector<std::string>{"fails", "after"}));
  EXPECT_EQ(shape(), "MIG on");
}

TEST_F(Change, AFailedFinalHookDoesNotRollBackTheChange) {
  options.after = {"after"};
  host.failing = {"after"};
  const auto failed = apply(layout({"3g.20gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::hook_failed);
  EXPECT_EQ(failed.error().restored, Restored::done);
  EXPECT_EQ(failed.error().recorded, Recorded::history);
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
  EXPECT_FALSE(see(subject())->cut_off);
}

TEST_F(Change, UnitsStartInTheReverseOrderOfTheirStop) {
  options.stop_units = {"a.service", "b.service"};
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  EXPECT_EQ(host.ran,
            (std::vector<std::string>{"systemctl is-active --quiet a.service", "systemctl is-active --quiet b.service",
                                      "systemctl stop a.service", "systemctl stop b.service",
                                      "systemctl start b.service", "systemctl start a.service"}));
}

}  // namespace
}  // namespace gpuslice::ops
