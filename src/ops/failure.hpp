// The reason why a change failed, and the state in which it left the node. These are values: each front end words its
// own messages.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "store/holder.hpp"

namespace gpuslice::ops {

enum class Cause : std::uint8_t {
  wrong_options,  // `option` is the wrong option
  busy,           // another gpuslice is changing the node
  cut_off,        // an interrupted change has to be recovered first, and that failed
  unreadable,     // the node cannot be observed
  no_plan,        // the planner refused
  nothing_to_undo,
  needs_reboot,  // the user has to change the display mode and reboot
  clients,       // clients block it, and the options give no way to stop them, or they did not stop
  changed,       // the node has changed since the plan was made
  interrupted,   // by a stop request
  step_failed,   // the driver refused, or did something else
  hook_failed,
  no_answer,  // a GPU has not answered
  store,      // the store cannot be read or written
  declined,   // a person was asked and did not agree
};

// Whether the node is as it was before the change.
enum class Restored : std::uint8_t {
  untouched,  // the change was not started
  all,        // it was started, and rolled back completely
  not_all,    // the rollback is incomplete; `remains` lists what is left
  unknown,    // a driver call has not returned, so the result on its GPU is unknown. Every GPU that `remains` does not
              // name is as before
  done,       // the change itself is done and was not rolled back; only what comes after it failed
};

// What the store contains about the change.
enum class Recorded : std::uint8_t {
  nothing,    // there is nothing to record
  history,    // its names and its entry in the history
  journalled  // its journal stays; the next recovery completes it or rolls it back
};

// Something that could not be rolled back.
struct Remainder {
  std::optional<GpuIndex> gpu;  // none: no GPU could be read
  std::string uuid;             // of a GPU that is missing or cannot be read; else empty
  std::string what;

  // "GPU 1: still to do: ...", "GPU 1 (GPU-...) is missing"
  [[nodiscard]] std::string message() const;
  friend bool operator==(const Remainder&, const Remainder&) = default;
};

struct Failure {
  Failure() = default;
  Failure(Cause its_cause, Error error) : cause(its_cause), why(std::move(error)) {}

  Cause cause{};
  Error why;  // the cause: the object, what happened, and possibly a hint
  Restored restored{};
  std::vector<Remainder> remains;  // of this change; with `cut_off`, of the interrupted one
  Recorded recorded{};
  std::uint64_t interrupted{};            // with `cut_off` and a non-empty `remains`: number of the interrupted change
  std::optional<Error> journal_kept;      // why the journal remains although everything was rolled back
  std::optional<store::Holder> holder{};  // with `busy`: who is changing the node; none: not known
  std::string option;                     // with `wrong_options`: its name without the dashes

  // What to type next: a recovery if a journal remains, otherwise the hint of the cause.
  [[nodiscard]] Hint hint() const;
};

// The value, or a failure with this cause.
template <class T>
[[nodiscard]] std::expected<T, Failure> because(Cause cause, Result<T> result) {
  if (!result) return std::unexpected(Failure(cause, std::move(result).error()));
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return *std::move(result);
}

}  // namespace gpuslice::ops
