// The lock of the writers of a node's state: flock on a file next to it, PATH.lock.
//
// That file has mode 0600 and belongs to the owner of the state. A read-only descriptor is enough to take such a lock,
// and users who may only read the state must not be able to block its writers. The kernel frees the lock of a process
// that was killed.
//
// In addition, a mutex serialises the threads of one process (flock belongs to the open file, not to the thread). fork
// waits for the thread that holds it, so that no child starts with the mutex held. A child opens the lock file again
// before it locks.
#pragma once

#include <string>

#include "base/result.hpp"

namespace gpuslice::sim {

class StateLock {
 public:
  // Opens the lock of the state file at `state`, which is open as `state_fd`. Creates the lock file if it is missing.
  // Errors: permission, io.
  [[nodiscard]] static Result<StateLock> open(const std::string& state, int state_fd);
  // Creates the lock file together with the state, as its owner, because the directory may not be writable later.
  // Errors: io.
  [[nodiscard]] static Result<void> make(const std::string& state);

  StateLock(StateLock&& other) noexcept;
  StateLock& operator=(StateLock&&) = delete;
  ~StateLock();

  // Waits for the lock. Errors: io.
  [[nodiscard]] Result<void> lock();
  [[nodiscard]] bool lock_if_free();
  void unlock();

 private:
  StateLock(std::string path, int fd, unsigned births) : path_(std::move(path)), fd_(fd), births_(births) {}

  std::string path_;  // of the lock file
  int fd_;
  unsigned births_;  // see state_lock.cpp: which process opened fd_
};

// Unlocks when destroyed.
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
