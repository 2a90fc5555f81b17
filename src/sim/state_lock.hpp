// The lock of those who write a node's state: flock on a file beside it, PATH.lock.
//
// That file has mode 0600 and belongs to the owner of the state: a lock can be taken through a descriptor that may only
// read, and users who may only read the state must not be able to stop those who write it. The kernel frees the lock of
// a process that was killed.
//
// Threads of one process are ordered by a mutex besides (flock belongs to the open file, not to the thread), and fork
// waits for whoever holds it, so that no child is born holding one. A child opens the lock file anew before it locks.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::sim {

class StateLock {
 public:
  // Of the state file at `state`, open as `state_fd`. Makes the lock file where it is missing. Errors: permission, io.
  [[nodiscard]] static Result<StateLock> open(const std::string& state, int state_fd);
  // With the state, by its owner: later the directory may be one that nothing can be made in. Errors: io.
  [[nodiscard]] static Result<void> make(const std::string& state);

  StateLock(StateLock&& other) noexcept;
  StateLock& operator=(StateLock&&) = delete;
  ~StateLock();

  // Waits for it. Errors: io.
  [[nodiscard]] Result<void> lock();
  [[nodiscard]] bool lock_if_free();
  void unlock();

 private:
  StateLock(std::string path, int fd, unsigned births) : path_(std::move(path)), fd_(fd), births_(births) {}

  std::string path_;  // of the lock file
  int fd_;
  unsigned births_;  // see state_lock.cpp: which process opened fd_
};

// Unlocks at the end of its life.
class StateUnlock {
 public:
  explicit StateUnlock(StateLock& lock) : lock_(lock) {}
  StateUnlock(const StateUnlock&) = delete;
  StateUnlock& operator=(const StateUnlock&) = delete;
  ~StateUnlock() { lock_.unlock(); }

 private:
  StateLock& lock_;
};

}  // namespace gpuslice::sim
