// Exit statuses: the one table from outcome to exit status. Help, manual pages and tests read it.
#pragma once

#include <array>

#include "base/result.hpp"
#include "ops/failure.hpp"

namespace gpuslice::cli {

enum class Exit : int {
  done = 0,       // done, or matches
  failed = 1,     // a change failed after it began, whatever the reason; or the system reported an error
  usage = 2,      // the command line or a file that it names is wrong
  differs = 3,    // assert, diff, status; doctor: findings
  unknown = 4,    // could not be read, or the driver has not answered
  refused = 5,    // refused before anything was changed
  hung_up = 129,  // stopped by a signal: 128 plus its number, as in shells
  interrupted = 130,
  terminated = 143
};

struct ExitMeaning {
  Exit status;
  const char* meaning;
};
inline constexpr std::array<ExitMeaning, 9> exit_meanings = {{
    {Exit::done, "done, or matches"},
    {Exit::failed,
     "failed: a change that was begun and then failed, whatever the driver's reason; or what was asked "
     "for does not exist, exists already, is not permitted, is damaged, or the system reported an error"},
    {Exit::usage, "wrong usage: the command line, or a file that it names"},
    {Exit::differs, "differs (assert, diff, status), or findings (doctor)"},
    {Exit::unknown, "unknown: it could not be read, or the driver has not answered"},
    {Exit::refused,
     "refused before anything was changed: in use, held by another gpuslice, declined when asked, or not supported"},
    {Exit::hung_up, "a change that SIGHUP stopped; it is rolled back unless the message says what remains"},
    {Exit::interrupted, "a change that SIGINT (Ctrl-C) stopped; likewise"},
    {Exit::terminated, "a change that SIGTERM stopped; likewise"},
}};

// The status of a failure of this kind before anything was changed.
[[nodiscard]] constexpr Exit exit_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return Exit::usage;
    case ErrorKind::unknown:
      return Exit::unknown;
    case ErrorKind::busy:
    case ErrorKind::refused:
    case ErrorKind::unsupported:
      return Exit::refused;
    case ErrorKind::not_found:
    case ErrorKind::exists:
    case ErrorKind::permission:
    case ErrorKind::damaged:
    case ErrorKind::io:
      return Exit::failed;
  }
  return Exit::failed;
}

// The status of a failed change, by the state in which it left the node. Once the change has begun, the reason for the
// failure, such as the driver's return code, no longer affects the exit status.
[[nodiscard]] constexpr Exit exit_of(ops::Restored restored, ErrorKind kind) {
  switch (restored) {
    case ops::Restored::untouched:
      return exit_of(kind);
    case ops::Restored::unknown:
      return Exit::unknown;
    case ops::Restored::all:
    case ops::Restored::not_all:
    case ops::Restored::done:
      return Exit::failed;
  }
  return Exit::failed;
}
// `signal`: the first signal that came while the command ran; 0: none. It decides the status, unless the change is
// done, or a driver call has not returned, so the state of its GPU is unknown.
[[nodiscard]] inline Exit exit_of(const ops::Failure& failure, int signal = 0) {
  const auto exit = exit_of(failure.restored, failure.why.kind);
  if (signal == 0 || failure.restored == ops::Restored::done || exit == Exit::unknown) return exit;
  return static_cast<Exit>(128 + signal);
}

[[nodiscard]] constexpr int status(Exit exit) { return static_cast<int>(exit); }

}  // namespace gpuslice::cli
