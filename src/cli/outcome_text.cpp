#include "cli/outcome_text.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"

namespace gpuslice::cli {
namespace {

constexpr const char* how_to_go_on =
    "remove the cause, or reset the GPU or reboot, then run gpuslice recover; to keep the current state instead: "
    "gpuslice recover --accept";

std::string listed(const std::vector<ops::Remainder>& remains) {
  std::string text = "remaining:";
  for (const auto& one : remains) text += "\n  " + one.message();
  return text;
}

std::string done_text(const ops::Failure& failure) {
  if (failure.recorded == ops::Recorded::journalled)
    return "; the change itself is done on the GPUs; its names and its entry in the history are not recorded yet, and "
           "it stays in the journal until they are";
  if (failure.cause == ops::Cause::store)
    return "; the change itself is done, its names and its entry in the history are recorded";
  return "; the change itself is done and recorded";
}

std::string left_text(const ops::Failure& failure) {
  switch (failure.restored) {
    case ops::Restored::untouched:
      return "";
    case ops::Restored::all:
      return "; everything is as it was before" +
             (failure.journal_kept
                  ? ", but the journal of the change could not be removed: " + failure.journal_kept->message()
                  : std::string{});
    case ops::Restored::not_all:
      return "; rollback incomplete; " + listed(failure.remains);
    case ops::Restored::unknown:
      return failure.remains.empty()
                 ? ""
                 : "; every GPU that is not named below is as it was before; " + listed(failure.remains);
    case ops::Restored::done:
      return done_text(failure);
  }
  return "";
}

}  // namespace

Error error_of(const ops::Failure& failure) {
  if (failure.cause == ops::Cause::cut_off && failure.interrupted != 0)
    return cannot_recover(failure.interrupted, failure.remains);
  auto error = failure.why;
  error.hint = failure.hint();
  if (!failure.option.empty()) error.object = fmt::format("--{} {}", failure.option, error.object);
  error.what += left_text(failure);
  return error;
}

Error cannot_recover(std::uint64_t interrupted, const std::vector<ops::Remainder>& remains) {
  return {ErrorKind::refused, "node",
          fmt::format("change {} was interrupted and cannot be rolled back; {}\n{}", interrupted, listed(remains),
                      how_to_go_on),
          Hint::gpuslice({"recover"})};
}

Error not_recovered(const ops::Recovered& recovered) {
  const auto& t = *recovered.transaction;
  return {ErrorKind::refused, fmt::format("change {} ({})", t.number, printable(t.verb)),
          fmt::format("cannot be rolled back; {}\n{}", listed(recovered.remains), how_to_go_on),
          Hint::gpuslice({"list"})};
}

std::string recovered_text(const ops::Recovered& recovered) {
  const auto change =
      fmt::format("change {} ({})", recovered.transaction->number, printable(recovered.transaction->verb));
  return change + (recovered.forward ? " was complete: it is now recorded as done"
                                     : " was rolled back: everything is as it was before");
}

const char* word(ops::Cause cause) {
  using ops::Cause;
  switch (cause) {
    case Cause::wrong_options:
      return "wrong-options";
    case Cause::busy:
      return "busy";
    case Cause::cut_off:
      return "cut-off";
    case Cause::unreadable:
      return "unreadable";
    case Cause::no_plan:
      return "no-plan";
    case Cause::nothing_to_undo:
      return "nothing-to-undo";
    case Cause::needs_reboot:
      return "needs-reboot";
    case Cause::clients:
      return "clients";
    case Cause::changed:
      return "changed";
    case Cause::interrupted:
      return "interrupted";
    case Cause::step_failed:
      return "step-failed";
    case Cause::hook_failed:
      return "hook-failed";
    case Cause::no_answer:
      return "no-answer";
    case Cause::store:
      return "store";
    case Cause::declined:
      return "declined";
  }
  return "unknown";
}

const char* word(ops::Restored restored) {
  using ops::Restored;
  switch (restored) {
    case Restored::untouched:
      return "untouched";
    case Restored::all:
      return "all";
    case Restored::not_all:
      return "not-all";
    case Restored::unknown:
      return "unknown";
    case Restored::done:
      return "done";
  }
  return "unknown";
}

}  // namespace gpuslice::cli
