// A thread that makes calls of the driver one after another, so that whoever wants an answer waits for as long as it
// chose to, and no longer. A call of a driver can hang for ever (in the kernel, where no signal reaches it); it then
// holds up this thread and nobody else. While such a call is in the kernel the system keeps the process that made it,
// and the locks it holds, even after the process has ended: that takes a child process which can be left behind.
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
  // Waits for the call under way, for ever if it hangs: who cannot wait leaves the process without coming here
  // (std::_Exit), which only a program's main may do. Calls that have not begun are dropped.
  ~Worker();

  enum class End { done, hung, no_thread };

  // A call that was handed over.
  class Ticket {
   public:
    // done: the call is over, and what it wrote can be read. hung: it is not over at `until`; one that had not begun by
    // then never will. no_thread: the system has no thread for it.
    [[nodiscard]] End wait(std::chrono::steady_clock::time_point until);

   private:
    friend class Worker;
    explicit Ticket(std::shared_ptr<Job> job) : job_(std::move(job)) {}
    std::shared_ptr<Job> job_;  // null: no thread
  };
  // Queues it. Behind a call that was given up on nothing waits: it is hung too, until that one comes back after all.
  // What `call` writes to must be owned by it and shared with whoever waits: it may be written long after that one
  // left.
  [[nodiscard]] Ticket begin(std::function<void()> call);

  // Whether a call was given up on and has not come back.
  [[nodiscard]] bool hung() const;

 private:
  static void work(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  std::thread thread_;  // begun with the first call
};

}  // namespace gpuslice::ops
