// A change that was interrupted, or could not be rolled back, is completed or rolled back by the next command.
#include <gtest/gtest.h>
#include <unistd.h>

#include "ops/testing/change_fixture.hpp"

namespace gpuslice::ops {
namespace {

using testing::Change;

TEST_F(Change, AnIncompleteRollbackIsReportedAndStaysInTheJournal) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb"})));
  gpu(0).create_ci.codes = {node::err_unknown, node::err_unknown};
  gpu(0).create_ci.next = 0;
  const auto failed = apply(layout({"7g.40gb"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause, Cause::step_failed);
  EXPECT_EQ(failed.error().restored, Restored::not_all);
  EXPECT_EQ(failed.error().recorded, Recorded::journalled);
  EXPECT_EQ(failed.error().hint(), Hint::gpuslice({"recover"}));
  ASSERT_EQ(failed.error().remains.size(), 1U);
  EXPECT_EQ(failed.error().remains[0].gpu, GpuIndex{0});
  ASSERT_TRUE(see(subject())->cut_off);

  // Reading changes nothing; the next change recovers it first.
  driver->journal.clear();
  static_cast<void>(see(subject()));
  EXPECT_TRUE(driver->journal.empty());
  const auto next = apply(layout({"train=3g.20gb"}));
  ASSERT_TRUE(next) << next.error().why.message();
  EXPECT_TRUE(next->recovered.transaction);
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
  EXPECT_EQ(names(), (std::vector<std::string>{"train"}));
}

TEST_F(Change, DoesNotStartIfAnInterruptedOneCannotBeRecovered) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb"})));
  gpu(0).create_ci.codes = {node::err_unknown, node::err_unknown, node::err_unknown};
  gpu(0).create_ci.next = 0;
  ASSERT_FALSE(apply(layout({"7g.40gb"})));
  const auto open = see(subject())->cut_off;
  ASSERT_TRUE(open);
  const auto refused = apply(layout({"2g.10gb"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::cut_off);
  EXPECT_EQ(refused.error().restored, Restored::untouched);
  EXPECT_EQ(refused.error().recorded, Recorded::journalled);
  EXPECT_EQ(refused.error().interrupted, open->number);
  EXPECT_EQ(refused.error().remains.size(), 1U);
  EXPECT_EQ(refused.error().hint(), Hint::gpuslice({"recover"}));
}

TEST_F(Change, AnInterruptedChangeWithAllStepsDoneIsRecordedAsDone) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb"})));
  auto t = subject().store.history()->front();
  {
    const auto lock = subject().store.lock("apply");
    t.gpus[0].made_after[0].name = "late";
    ASSERT_TRUE(subject().store.begin(t));
  }
  const auto recovered = recover(subject(), options, false);
  ASSERT_TRUE(recovered);
  EXPECT_TRUE(recovered->forward);
  EXPECT_EQ(names(), (std::vector<std::string>{"late"}));
}

TEST_F(Change, AcceptKeepsTheStateAndClosesTheJournal) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb"})));
  gpu(0).create_ci.codes = {node::err_unknown, node::err_unknown, node::err_unknown};
  gpu(0).create_ci.next = 0;
  ASSERT_FALSE(apply(layout({"7g.40gb"})));
  const auto accepted = recover(subject(), options, true);
  ASSERT_TRUE(accepted);
  EXPECT_FALSE(accepted->remains.empty());
  EXPECT_FALSE(see(subject())->cut_off);
}

// Recovering another user's change would run commands that this user recorded, whatever user the journal names.
TEST_F(Change, CommandsOfAnInterruptedChangeRunOnlyForTheirUser) {
  store::Transaction open;
  open.verb = "apply";
  open.user = "ada";
  open.afterwards = {"after"};
  ASSERT_TRUE(subject().store.lock("apply"));
  ASSERT_TRUE(subject().store.begin(open));
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(dir.path("store/journal").c_str(), 4242, 0), 0);
    const auto refused = recover(subject(), options, false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::permission);
    EXPECT_EQ(refused.error().message(),
              "change 1: was interrupted, and user 4242 recorded commands to run at its end: only user 4242 may "
              "recover it");
    EXPECT_EQ(refused.error().hint.line(), "sudo -u '#4242' gpuslice recover");
    EXPECT_FALSE(apply(layout({"3g.20gb"}))) << "a change starts with the recovery";
    EXPECT_TRUE(host.ran.empty());
    ASSERT_EQ(::chown(dir.path("store/journal").c_str(), 0, 0), 0);
  }
  ASSERT_TRUE(recover(subject(), options, false));
  EXPECT_EQ(host.ran, std::vector<std::string>{"after"});
}

TEST_F(Change, RecoverDuringARunningChangeIsRefused) {
  ErrorKind kind{};
  bool still_open = false;
  std::size_t before = 0, after = 0;
  options.before = {"look"};
  host.on_run = [&](const std::string&) {
    before = driver->journal.size();
    const auto beside = recover(subject(), options, false);
    after = driver->journal.size();
    if (!beside) kind = beside.error().kind;
    still_open = subject().store.journal()->has_value();
    EXPECT_FALSE(see(subject())->cut_off) << "it is running, not interrupted";
    EXPECT_EQ(foresee(subject()).error().kind, ErrorKind::busy);
  };
  ASSERT_TRUE(apply(layout({"3g.20gb"})));
  EXPECT_EQ(kind, ErrorKind::busy);
  EXPECT_TRUE(still_open);
  EXPECT_EQ(before, after);
  EXPECT_EQ(shape(), "MIG on 3g.20gb@4:4{3g.20gb@0:3}");
}

TEST_F(Change, ARecoveryThatOnlyRecordsReportsIt) {
  ASSERT_TRUE(apply(layout({"train=3g.20gb"})));
  interrupt(subject().store.history()->front());
  events.clear();
  ASSERT_TRUE(recover(subject(), options, false));
  EXPECT_TRUE(told(Event::Kind::completing));
  EXPECT_FALSE(told(Event::Kind::recovering));
}

}  // namespace
}  // namespace gpuslice::ops
