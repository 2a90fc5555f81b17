#include "sim/state_lock.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <utility>

#include "base/descriptor.hpp"

namespace gpuslice::sim {
namespace {

// One mutex for all state files of the process: transactions are short, and this lets fork wait for all of them.
std::mutex& transaction_mutex() {
  static std::mutex mutex;
  return mutex;
}
// How many forks there were between the process that loaded the library and this one. flock belongs to the open file,
// which a child shares with its parent, so a child must open the lock file itself before it locks.
std::atomic<unsigned> births{0};

void register_fork_handlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    ::pthread_atfork([] { transaction_mutex().lock(); }, [] { transaction_mutex().unlock(); },
                     [] {
                       births.fetch_add(1, std::memory_order_relaxed);
                       transaction_mutex().unlock();
                     });
  });
}

int open_lock(const std::string& path) {
  return open_file(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
}

}  // namespace

Result<StateLock> StateLock::open(const std::string& state, int state_fd) {
  register_fork_handlers();
  const auto path = state + ".lock";
  StateLock made(path, open_lock(path), births.load(std::memory_order_relaxed));
  if (made.fd_ < 0) return fail_errno(path, "cannot be opened", errno);
  struct stat own{};
  struct stat info{};
  // Even if another user creates the file, it must belong to the owner of the state.
  if (::fstat(made.fd_, &own) == 0 && ::fstat(state_fd, &info) == 0 && own.st_uid != info.st_uid && ::geteuid() == 0 &&
      ::fchown(made.fd_, info.st_uid, info.st_gid) != 0)
    return fail_errno(path, "cannot be opened", errno);
  return made;
}

Result<void> StateLock::make(const std::string& state) {
  const int fd = open_lock(state + ".lock");
  if (fd < 0) return fail_errno(state + ".lock", "cannot be created", errno);
  ::close(fd);
  return {};
}

StateLock::StateLock(StateLock&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), births_(other.births_) {}
StateLock::~StateLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> StateLock::lock() {
  transaction_mutex().lock();
  if (births_ != births.load(std::memory_order_relaxed)) {
    // Opened through /proc, so that it is the same file even if its name has been removed.
    const int own = open_file(("/proc/self/fd/" + std::to_string(fd_)).c_str(), O_RDWR | O_CLOEXEC);
    if (own < 0) {
      const int why = errno;
      transaction_mutex().unlock();
      return fail_errno(path_, "cannot be opened after a fork", why);
    }
    ::close(fd_);
    fd_ = own;
    births_ = births.load(std::memory_order_relaxed);
  }
  while (::flock(fd_, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    const int why = errno;
    transaction_mutex().unlock();
    return fail_errno(path_, "cannot be locked", why);
  }
  return {};
}

bool StateLock::lock_if_free() {
  if (births_ != births.load(std::memory_order_relaxed)) return false;
  if (!transaction_mutex().try_lock()) return false;
  if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return true;
  transaction_mutex().unlock();
  return false;
}

void StateLock::unlock() {
  ::flock(fd_, LOCK_UN);
  transaction_mutex().unlock();
}

}  // namespace gpuslice::sim
