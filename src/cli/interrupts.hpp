// Ctrl-C and its relatives (SIGINT, SIGTERM, SIGHUP) as stop requests: while one of these lives the signals do not end
// the process, so that a change is rolled back instead of being interrupted anywhere. A process whose output nobody
// reads any more (SIGPIPE) goes on.
//
// The first signal requests a stop. A SIGINT after it, sent by a person who does not want to wait for the rollback,
// requests to leave the rollback to a later recovery. No other signal does: timeout(1), a closing terminal and service
// managers may send a signal twice. A second SIGINT within 200 ms counts as the first one for the same reason.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

namespace gpuslice::cli {

// One at a time.
class Interrupts {
 public:
  // Called in a thread of its own: `signal` is the first one, `again` says that it is the request to leave.
  using Tell = std::function<void(int signal, bool again)>;
  explicit Interrupts(Tell tell = nullptr);
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  [[nodiscard]] std::stop_token leave_token() const { return leave_.get_token(); }
  // The signal that came first; 0: none came.
  [[nodiscard]] static int signal();

 private:
  std::stop_source stop_, leave_;
  std::shared_ptr<std::atomic<bool>> ending_ = std::make_shared<std::atomic<bool>>(false);
  std::thread watcher_;  // a signal handler may do next to nothing: it wakes this one
};

}  // namespace gpuslice::cli
