// Turns Ctrl-C and related signals (SIGINT, SIGTERM, SIGHUP) into stop requests. While an object exists, these signals
// do not end the process, so a change is rolled back instead of being interrupted midway. SIGPIPE does not end it
// either: the process continues if nothing reads its output any more.
//
// The first signal requests a stop. A later SIGINT, from a person who does not want to wait for the rollback, requests
// to leave the rollback to a later recovery. Other signals do not: timeout(1), a closing terminal and service managers
// may send a signal twice. For the same reason a second SIGINT within 200 ms is ignored.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

namespace gpuslice::cli {

// Only one object may exist at a time.
class Interrupts {
 public:
  // Called in a separate thread. `signal`: the first signal; `again`: true for the request to leave the rollback.
  using Tell = std::function<void(int signal, bool again)>;
  explicit Interrupts(Tell tell = nullptr);
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  [[nodiscard]] std::stop_token leave_token() const { return leave_.get_token(); }
  // The first signal; 0: none.
  [[nodiscard]] static int signal();

 private:
  std::stop_source stop_, leave_;
  std::shared_ptr<std::atomic<bool>> ending_ = std::make_shared<std::atomic<bool>>(false);
  std::thread watcher_;  // does the work, because signal handlers may do very little
};

}  // namespace gpuslice::cli
