#include "cli/interrupts.hpp"

#include <semaphore.h>

#include <array>
#include <atomic>
#include <cerrno>
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

constexpr std::array stopping = {SIGINT, SIGTERM, SIGHUP};
std::array<struct sigaction, stopping.size()> before;

void handle(int signal, void (*handler)(int), struct sigaction* replaced = nullptr) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, replaced);
}

}  // namespace

Interrupts::Interrupts() {
  // A handler, because what is run must not inherit that the signal is ignored. It stays: what is still to be said has
  // no reader then either.
  handle(SIGPIPE, [](int) {});
  static_cast<void>(bell());  // made before a handler needs it
  try {
    watcher_ = std::thread([source = source_, ending = ending_]() mutable {
      while (true) {
        while (::sem_wait(&bell()) != 0 && errno == EINTR) {
        }
        if (ending->load()) return;
        source.request_stop();
      }
    });
  } catch (const std::system_error&) {
    return;  // the signals end the process, as they would without
  }
  for (std::size_t i = 0; i < stopping.size(); ++i) {
    // One that is ignored, as nohup has it, stays so.
    ::sigaction(stopping[i], nullptr, &before[i]);
    if (before[i].sa_handler == SIG_IGN) continue;
    handle(stopping[i], [](int) {
      const int saved = errno;
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
