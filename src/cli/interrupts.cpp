#include "cli/interrupts.hpp"

#include <semaphore.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>

namespace gpuslice::cli {
namespace {

// Posted by the handler, which may do little else, and never destroyed: a handler may be at it in any thread.
sem_t& bell() {
  static sem_t semaphore = [] {
    sem_t made;
    ::sem_init(&made, 0, 0);
    return made;
  }();
  return semaphore;
}

// What the handlers note: the first signal, and how many SIGINT there were.
std::atomic<int> first_signal;
std::atomic<int> sigints;
static_assert(std::atomic<int>::is_always_lock_free);  // a handler may use it

constexpr std::array stopping = {SIGINT, SIGTERM, SIGHUP};
std::array<struct sigaction, stopping.size()> before;

void handle(int signal, void (*handler)(int), struct sigaction* replaced = nullptr) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, replaced);
}

}  // namespace

int Interrupts::signal() { return first_signal.load(); }

Interrupts::Interrupts(Tell tell) {
  first_signal = 0;
  sigints = 0;
  // A handler, because what is run must not inherit that the signal is ignored. It stays: what is still to be said has
  // no reader then either.
  handle(SIGPIPE, [](int) {});
  static_cast<void>(bell());  // made before a handler needs it
  try {
    watcher_ = std::thread([stop = stop_, leave = leave_, ending = ending_, tell = std::move(tell)]() mutable {
      using Clock = std::chrono::steady_clock;
      Clock::time_point stopped{};
      int seen = 0;
      while (true) {
        while (::sem_wait(&bell()) != 0 && errno == EINTR) {
        }
        if (ending->load()) return;
        const int count = sigints.load();
        // Told first: what the request leads to is said after it.
        if (!stop.stop_requested()) {
          stopped = Clock::now();
          seen = count;
          if (tell) tell(signal(), false);
          stop.request_stop();
        } else if (count > seen && !leave.stop_requested()) {
          seen = count;
          if (Clock::now() - stopped < std::chrono::milliseconds(200)) continue;
          if (tell) tell(signal(), true);
          leave.request_stop();
        }
      }
    });
  } catch (const std::system_error&) {
    return;  // the signals end the process, as they would without
  }
  for (std::size_t i = 0; i < stopping.size(); ++i) {
    // One that is ignored, as nohup has it, stays so.
    ::sigaction(stopping[i], nullptr, &before[i]);
    if (before[i].sa_handler == SIG_IGN) continue;
    handle(stopping[i], [](int signal) {
      const int saved = errno;
      int none = 0;
      first_signal.compare_exchange_strong(none, signal);
      if (signal == SIGINT) sigints.fetch_add(1);
      ::sem_post(&bell());
      errno = saved;
    });
  }
}

Interrupts::~Interrupts() {
  if (!watcher_.joinable()) return;
  for (std::size_t i = 0; i < stopping.size(); ++i) ::sigaction(stopping[i], &before[i], nullptr);
  ending_->store(true);
  ::sem_post(&bell());
  watcher_.join();
}

}  // namespace gpuslice::cli
