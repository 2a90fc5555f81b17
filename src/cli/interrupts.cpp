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

// Posted by the handler, because sem_post is one of the few functions allowed there. Never destroyed: a handler may be
// using it in any thread.
sem_t& bell() {
  static sem_t semaphore = [] {
    sem_t made;
    ::sem_init(&made, 0, 0);
    return made;
  }();
  return semaphore;
}

// Written by the handlers: the first signal, and the number of SIGINTs.
std::atomic<int> first_signal;
std::atomic<int> sigints;
static_assert(std::atomic<int>::is_always_lock_free);  // required for use in a handler

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
  // A handler instead of SIG_IGN, because child processes would inherit that the signal is ignored. It stays installed:
  // later output has no reader either.
  handle(SIGPIPE, [](int) {});
  static_cast<void>(bell());  // created before a handler needs it
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
        // The message is printed first, because the stop request leads to further messages.
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
    return;  // without the thread, the signals end the process as usual
  }
  for (std::size_t i = 0; i < stopping.size(); ++i) {
    // A signal that is ignored, for example by nohup, stays ignored.
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
