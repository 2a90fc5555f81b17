// Why a change did not come about, and how it left the node: as values, which a front end says in its own words.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace gpuslice::ops {

enum class Cause : std::uint8_t {
  wrong_options,  // `option` is the one
  busy,           // another gpuslice is changing the node
  cut_off,        // an interrupted change comes first, and cannot be ended
  unreadable,     // the node cannot be observed
  no_plan,        // the planner refused
  needs_reboot,   // a person has to change the display mode and restart
  clients,        // are in the way, and nothing says how they leave; or they did not
  changed,        // the node is not as it was when the plan was made
  interrupted,    // by a stop request
  step_failed,    // the driver refused, or did something else
  hook_failed,
  no_answer,  // the driver has not answered for a GPU
  store,      // cannot be read or written
  declined,   // a person was asked and did not say yes
};

// Whether the node is as it was before.
enum class Restored : std::uint8_t {
  untouched,  // nothing of the change was begun
  all,        // it was begun, and everything is put back
  not_all,    // `remains` says what is not
  unknown,    // a call has not come back: what its GPU will show nobody can tell. Every GPU that `remains` does not name
              // is as before
  done,       // nothing was put back: the change itself is done, and only what comes after it failed
};

// What is written down of the change.
enum class Recorded : std::uint8_t {
  nothing,    // there is nothing to record
  history,    // its names and its entry in the history
  journalled  // its journal stays, and the next recovery ends it
};

// One thing that could not be put back.
struct Remainder {
  std::optional<GpuIndex> gpu;  // none: no GPU could be looked at
  std::string uuid;             // of a GPU that is not there or cannot be read; else empty
  std::string what;

  // "GPU 1: still to do: ...", "GPU 1 (GPU-...) is not there"
  [[nodiscard]] std::string message() const;
  friend bool operator==(const Remainder&, const Remainder&) = default;
};

struct Failure {
  Failure() = default;
  Failure(Cause its_cause, Error error) : cause(its_cause), why(std::move(error)) {}

  Cause cause{};
  Error why;  // from below: the object and what happened to it, and perhaps what to type
  Restored restored{};
  std::vector<Remainder> remains;  // of this change; where it is `cut_off`, of the one before
  Recorded recorded{};
  std::uint64_t interrupted{};        // of the change that cannot be ended, where it is `cut_off` and something remains
  std::optional<Error> journal_kept;  // why the journal is still there although everything is put back
  std::string option;                 // where it is `wrong_options`: its name, without the dashes

  // What to type next: a recovery where a journal stays, else what the cause advises.
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
