// once COMMAND ARGUMENTS...: runs a command, discards its output and prints wall time (microseconds), maximum resident
// memory (KiB) and status.
//
// This is a separate program because the kernel includes the parent's memory at fork in a child's maximum, and it uses
// less memory than the programs that it measures.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdio>

extern char** environ;

int main(int, char** words) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t child{};
  const auto start = std::chrono::steady_clock::now();
  if (words[1] == nullptr || posix_spawnp(&child, words[1], &actions, nullptr, words + 1, environ) != 0) return 127;
  int status{};
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) != child) return 127;
  const auto took = std::chrono::steady_clock::now() - start;
  std::printf("%lld %ld %d\n",
              static_cast<long long>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()),
              usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  return 0;
}
