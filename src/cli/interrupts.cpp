#include "cli/interrupts.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace gpuslice::cli {
namespace {

constexpr std::uint64_t asked_to_stop = 1, at_its_end = 1ULL << 32U;
std::atomic<int> bell{-1};  // what the handler rings; -1: nobody listens

// Whether it was heard. The counter is far from full, so that only what stands between this program and the system (a
// tracer, a sandbox) can refuse it.
bool ring(std::uint64_t why) {
  const int saved = errno;
  const int fd = bell.load();
  const bool rung = fd >= 0 && ::write(fd, &why, sizeof why) == sizeof why;
  errno = saved;
  return rung;
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

constexpr int stopping[] = {SIGINT, SIGTERM, SIGHUP};

}  // namespace

Interrupts::Interrupts() {
  // A handler, because what is run must not inherit that the signal is ignored.
  handle(SIGPIPE, [](int) {});
  const int fd = ::eventfd(0, EFD_CLOEXEC);
  if (fd < 0) return;  // the signals end the process, as they would without
  try {
    watcher_ = std::thread([fd, source = source_]() mutable {
      std::uint64_t rung = 0;
      while (rung < at_its_end) {
        std::uint64_t more = 0;
        if (::read(fd, &more, sizeof more) != sizeof more) {
          if (errno == EINTR) continue;
          return;
        }
        rung += more;
        if (rung % at_its_end != 0) source.request_stop();
      }
    });
  } catch (const std::system_error&) {
    ::close(fd);
    return;
  }
  bell = fd;
  for (const int signal : stopping) handle(signal, [](int) { static_cast<void>(ring(asked_to_stop)); });
}

Interrupts::~Interrupts() {
  handle(SIGPIPE, SIG_DFL);
  if (!watcher_.joinable()) return;
  for (const int signal : stopping) handle(signal, SIG_DFL);
  while (!ring(at_its_end)) std::this_thread::yield();
  watcher_.join();
  ::close(bell.exchange(-1));
}

}  // namespace gpuslice::cli
