#include "sim/wake_word.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <ctime>

namespace gpuslice::sim {
namespace {

using std::chrono::nanoseconds;

timespec timespec_of(nanoseconds time) {
  return {static_cast<std::time_t>(time.count() / 1'000'000'000), static_cast<long>(time.count() % 1'000'000'000)};
}

// Polling interval where the system has no futex for such a mapping. Linux has had it since 3.0.
constexpr nanoseconds without_futex = std::chrono::milliseconds(20);

}  // namespace

std::uint32_t read_word(const std::uint32_t& word) {
  return std::atomic_ref(const_cast<std::uint32_t&>(word)).load(std::memory_order_acquire);
}

bool sleep_on(const std::uint32_t& word, std::uint32_t seen, nanoseconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  for (;;) {
    if (read_word(word) != seen) return true;
    const nanoseconds left = end - std::chrono::steady_clock::now();
    if (left.count() <= 0) return false;
    // Not FUTEX_PRIVATE_FLAG: the wakers are other processes, which have the word mapped at other addresses.
    const auto time = timespec_of(left);
    if (::syscall(SYS_futex, &word, FUTEX_WAIT, seen, &time, nullptr, 0) == 0) continue;
    if (errno == EAGAIN || errno == EINTR || errno == ETIMEDOUT) continue;
    const auto pause = timespec_of(std::min(left, without_futex));
    ::nanosleep(&pause, nullptr);
  }
}

void wake_all(std::uint32_t& word) {
  std::atomic_ref(word).fetch_add(1, std::memory_order_release);
  ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace gpuslice::sim
