// Ctrl-C and its relatives (SIGINT, SIGTERM, SIGHUP) as a stop request: while one of these lives the signals do not end
// the process, so that a change is taken back instead of being cut off. One whose output nobody reads any more
// (SIGPIPE) goes on.
#pragma once

#include <atomic>
#include <memory>
#include <stop_token>
#include <thread>

namespace gpuslice::cli {

// One at a time.
class Interrupts {
 public:
  Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::shared_ptr<std::atomic<bool>> ending_ = std::make_shared<std::atomic<bool>>(false);
  std::thread watcher_;  // a signal handler may do next to nothing: it wakes this one
};

}  // namespace gpuslice::cli
