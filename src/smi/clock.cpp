// The host's clock, and pauses that Ctrl-C can interrupt.
#include <signal.h>
#include <time.h>

#include <cerrno>

#include <fmt/format.h>

#include "smi/smi.hpp"

namespace gpuslice::smi {
namespace {

volatile sig_atomic_t interrupted = 0;

void note_interrupt(int /*signal*/) { interrupted = 1; }

void tell_interrupts() {
  struct sigaction action{};
  action.sa_handler = note_interrupt;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

void read_clock(Environment& environment) {
  const auto now = std::chrono::system_clock::now();
  const auto seconds = std::chrono::system_clock::to_time_t(now);
  localtime_r(&seconds, &environment.now);
  environment.milliseconds =
      static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000);
}

bool pause_on_host(Environment& environment, std::chrono::milliseconds length, Environment::Interrupt interrupt) {
  const bool told = interrupt == Environment::Interrupt::is_told;
  if (told) tell_interrupts();
  constexpr long nanoseconds = 1'000'000;
  timespec rest{static_cast<time_t>(length.count() / 1000), static_cast<long>(length.count() % 1000) * nanoseconds};
  while (!(told && interrupted != 0) && nanosleep(&rest, &rest) != 0 && errno == EINTR) {
  }
  read_clock(environment);
  return !(told && interrupted != 0);
}

}  // namespace

Environment Environment::of_host() {
  Environment environment;
  read_clock(environment);
  environment.pause = pause_on_host;
  return environment;
}

std::string Environment::timestamp() const {
  char seconds[32];
  std::strftime(seconds, sizeof seconds, "%Y/%m/%d %H:%M:%S", &now);
  return fmt::format("{}.{:03}", seconds, milliseconds);
}

std::string Environment::date() const {
  char text[64];
  std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &now);
  return text;
}

}  // namespace gpuslice::smi
