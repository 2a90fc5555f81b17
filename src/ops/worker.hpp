// A thread that executes driver calls one after another, so that a caller can limit how long it waits for a result. A
// driver call can hang for ever (in the kernel, where no signal reaches it); it then blocks only this thread. While
// such a call is in the kernel, the process and the locks that it holds remain, even after it has exited. Only a
// separate child process for each call would avoid that.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace gpuslice::ops {

class Worker {
  struct Shared;
  struct Job;

 public:
  Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // Waits for the running call, for ever if it hangs. A program that cannot wait must exit without running this
  // destructor (std::_Exit), which only its main may do. Calls that have not started are dropped.
  ~Worker();

  enum class End { done, hung, no_thread };

  // A queued call.
  class Ticket {
   public:
    // done: the call has returned, and its results can be read. hung: it has not returned by `until`; if it had not
    // started by then, it will never start. no_thread: no thread could be created for it.
    [[nodiscard]] End wait(std::chrono::steady_clock::time_point until);

   private:
    friend class Worker;
    explicit Ticket(std::shared_ptr<Job> job) : job_(std::move(job)) {}
    std::shared_ptr<Job> job_;  // null: no thread
  };
  // Queues a call. After an abandoned call, it counts as hung without waiting until the abandoned call returns. `call`
  // must share ownership of what it writes to: it may write long after the caller has stopped waiting.
  [[nodiscard]] Ticket begin(std::function<void()> call);

  // Whether an abandoned call has not returned yet.
  [[nodiscard]] bool hung() const;

 private:
  static void work(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  std::thread thread_;  // started by the first call
};

}  // namespace gpuslice::ops
