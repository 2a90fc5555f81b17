// The text that a user reads about a failed change, and the exit status.
#include "cli/outcome_text.hpp"

#include <gtest/gtest.h>

#include "cli/exit_status.hpp"

namespace gpuslice::cli {
namespace {

using ops::Cause;
using ops::Recorded;
using ops::Restored;

const Error refused{ErrorKind::refused, "GPU 0", "cannot create it", Hint::gpuslice({"placements"})};
const auto recover = Hint::gpuslice({"recover"});

ops::Failure failure(Cause cause, Restored restored, Recorded recorded = Recorded::nothing) {
  ops::Failure made(cause, refused);
  made.restored = restored;
  made.recorded = recorded;
  return made;
}

TEST(OutcomeText, OfAChangeThatNeverBeganIsTheReasonAlone) {
  const auto said = error_of(failure(Cause::no_plan, Restored::untouched));
  EXPECT_EQ(said.message(), "GPU 0: cannot create it");
  EXPECT_EQ(said.hint, refused.hint);
}

TEST(OutcomeText, SaysThatEverythingIsAsBefore) {
  auto one = failure(Cause::step_failed, Restored::all);
  EXPECT_EQ(error_of(one).message(), "GPU 0: cannot create it; everything is as it was before");
  EXPECT_EQ(error_of(one).hint, refused.hint);
  one.recorded = Recorded::journalled;
  one.journal_kept = Error{ErrorKind::io, "journal", "cannot be removed", ""};
  EXPECT_EQ(error_of(one).message(),
            "GPU 0: cannot create it; everything is as it was before, but the journal of the change could not be "
            "removed: journal: cannot be removed");
  EXPECT_EQ(error_of(one).hint, recover);
}

TEST(OutcomeText, ListsWhatRemains) {
  auto one = failure(Cause::step_failed, Restored::not_all, Recorded::journalled);
  one.remains = {{GpuIndex{0}, "", "still to do: enable MIG mode"}, {GpuIndex{1}, "GPU-1", "is missing"}};
  EXPECT_EQ(error_of(one).message(),
            "GPU 0: cannot create it; rollback incomplete; remaining:\n"
            "  GPU 0: still to do: enable MIG mode\n"
            "  GPU 1 (GPU-1) is missing");
  EXPECT_EQ(error_of(one).hint, recover);
}

TEST(OutcomeText, OfAHungCallNamesTheGpusWithUnknownState) {
  auto one = failure(Cause::no_answer, Restored::unknown, Recorded::journalled);
  EXPECT_EQ(error_of(one).message(), "GPU 0: cannot create it") << "the only GPU of the change";
  EXPECT_EQ(error_of(one).hint, recover);
  one.remains = {{GpuIndex{0}, "GPU-0", "has not answered"}};
  EXPECT_EQ(error_of(one).message(),
            "GPU 0: cannot create it; every GPU that is not named below is as it was before; remaining:\n"
            "  GPU 0 (GPU-0) has not answered");
}

TEST(OutcomeText, SaysThatTheChangeIsDoneAndWhatIsRecorded) {
  EXPECT_EQ(error_of(failure(Cause::hook_failed, Restored::done, Recorded::history)).message(),
            "GPU 0: cannot create it; the change itself is done and recorded");
  EXPECT_EQ(error_of(failure(Cause::store, Restored::done, Recorded::history)).message(),
            "GPU 0: cannot create it; the change itself is done, its names and its entry in the history are recorded");
  const auto open = error_of(failure(Cause::store, Restored::done, Recorded::journalled));
  EXPECT_EQ(
      open.message(),
      "GPU 0: cannot create it; the change itself is done on the GPUs; its names and its entry in the history are "
      "not recorded yet, and it stays in the journal until they are");
  EXPECT_EQ(open.hint, recover);
}

TEST(OutcomeText, NamesTheChangeThatMustBeRecoveredFirst) {
  auto one = failure(Cause::cut_off, Restored::untouched, Recorded::journalled);
  EXPECT_EQ(error_of(one).message(), "GPU 0: cannot create it") << "why it could not be tried";
  one.interrupted = 3;
  one.remains = {{std::nullopt, "", "node: cannot be read"}};
  const auto said = error_of(one);
  EXPECT_EQ(
      said.message(),
      "node: change 3 was interrupted and cannot be rolled back; remaining:\n  node: cannot be read\n"
      "remove the cause, or reset the GPU or reboot, then run gpuslice recover; to keep the current state instead: "
      "gpuslice recover --accept");
  EXPECT_EQ(said.hint, recover);
  EXPECT_EQ(said.kind, ErrorKind::refused);
}

TEST(OutcomeText, NamesTheOptionThatIsWrong) {
  ops::Failure wrong(Cause::wrong_options, Error{ErrorKind::usage, "x; y", "is not a valid systemd unit name", ""});
  wrong.option = "stop-unit";
  EXPECT_EQ(error_of(wrong).message(), "--stop-unit x; y: is not a valid systemd unit name");
}

TEST(OutcomeText, OfARecoverySaysHowTheChangeEnded) {
  ops::Recovered recovered;
  recovered.transaction.emplace();
  recovered.transaction->number = 3;
  recovered.transaction->verb = "apply";
  EXPECT_EQ(recovered_text(recovered), "change 3 (apply) was rolled back: everything is as it was before");
  recovered.forward = true;
  EXPECT_EQ(recovered_text(recovered), "change 3 (apply) was complete: it is now recorded as done");
  recovered.forward = false;
  recovered.remains = {{GpuIndex{0}, "", "still to do: disable MIG mode"}};
  EXPECT_EQ(
      not_recovered(recovered).message(),
      "change 3 (apply): cannot be rolled back; remaining:\n  GPU 0: still to do: disable MIG mode\n"
      "remove the cause, or reset the GPU or reboot, then run gpuslice recover; to keep the current state instead: "
      "gpuslice recover --accept");
}

TEST(OutcomeText, ExitStatusDependsOnTheStateOfTheNode) {
  for (const auto restored : {Restored::all, Restored::not_all, Restored::done})
    EXPECT_EQ(exit_of(failure(Cause::step_failed, restored)), Exit::failed) << word(restored);
  auto one = failure(Cause::no_plan, Restored::untouched);
  EXPECT_EQ(exit_of(one), Exit::refused);
  one.why.kind = ErrorKind::usage;
  EXPECT_EQ(exit_of(one), Exit::usage);
  one = failure(Cause::no_answer, Restored::unknown);
  one.why.kind = ErrorKind::unknown;
  EXPECT_EQ(exit_of(one), Exit::unknown);
}

}  // namespace
}  // namespace gpuslice::cli
