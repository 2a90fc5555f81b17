// Runs a piece of work in a child and kills it at its Nth stop before or after a system call, so that a test can try
// every point at which a kill makes a visible difference. No clocks: the same N is always the same point.
#pragma once

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

namespace gpuslice::testing {

enum class Ended { killed, whole, cannot_trace };

// `work` returns true on success; otherwise the child exits with status 1, which also counts as `whole`.
inline Ended run_killed_at(unsigned stop, const std::function<bool()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(77);
    ::raise(SIGSTOP);
    ::_exit(work() ? 0 : 1);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return Ended::cannot_trace;
  ::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
  for (unsigned seen = 0;;) {
    if (::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) != 0 || ::waitpid(child, &status, 0) != child)
      return Ended::cannot_trace;
    if (!WIFSTOPPED(status)) return Ended::whole;
    if (WSTOPSIG(status) != (SIGTRAP | 0x80) || seen++ != stop) continue;
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return Ended::killed;
  }
}

}  // namespace gpuslice::testing
