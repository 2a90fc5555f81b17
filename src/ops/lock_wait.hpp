// Waits for another gpuslice that is changing the node, if the caller asked for that.
//
// The lock is a flock. Waiting for it with a time limit or a stop request is only possible by interrupting the waiting
// thread with a signal. So the attempt is repeated every 50 ms instead; one attempt costs a few system calls.
#pragma once

#include <chrono>
#include <string>

#include "ops/change.hpp"

namespace gpuslice::ops {

class LockWait {
 public:
  LockWait(const Subject& subject, const ChangeOptions& options) : subject_(subject), options_(options) {}

  // To be called after an attempt that ended with `busy`. Returns whether to try again, after a pause; the first time
  // it reports which process it waits for. False if no waiting was asked for, its time is over, or a stop was
  // requested.
  [[nodiscard]] bool again(const Error& busy);
  // The failure to return when again() is false: `busy` with a hint, or the stop request.
  [[nodiscard]] Failure failure(const Error& busy) const;

 private:
  const Subject& subject_;
  const ChangeOptions& options_;
  Workers::Clock::time_point began_{Workers::Clock::now()};
  std::chrono::milliseconds slept_{};
  bool told_{};
};

// "gpuslice apply of ada (process 4711, since 2026-11-21T04:17:21Z)"
[[nodiscard]] std::string holder_text(const store::Holder& holder);

}  // namespace gpuslice::ops
