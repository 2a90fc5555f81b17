// While an object exists, the process can allocate only a limited amount beyond what it has, so that a broken guard
// fails a test instead of exhausting the machine. No effect under sanitizers: they map terabytes.
#pragma once

#include <sys/resource.h>

#include <cstddef>
#include <fstream>

namespace gpuslice::testing {

class MemoryLimit {
 public:
  explicit MemoryLimit(std::size_t more_bytes) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    active_ = pages != 0 && ::getrlimit(RLIMIT_AS, &before_) == 0;
    if (!active_) return;
    auto lower = before_;
    lower.rlim_cur = pages * 4096 + more_bytes;
    if (before_.rlim_cur == RLIM_INFINITY || lower.rlim_cur < before_.rlim_cur) ::setrlimit(RLIMIT_AS, &lower);
#else
    static_cast<void>(more_bytes);
#endif
  }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;
  ~MemoryLimit() {
    if (active_) ::setrlimit(RLIMIT_AS, &before_);
  }

 private:
  rlimit before_{};
  bool active_{};
};

}  // namespace gpuslice::testing
