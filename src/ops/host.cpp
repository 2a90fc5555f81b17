#include "ops/host.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "base/permission_hint.hpp"
#include "base/size_limit.hpp"

namespace gpuslice::ops {
namespace {

volatile std::sig_atomic_t asked_to_stop = 0;

class ThisHost : public Host {
 public:
  std::string now() override {
    const auto seconds = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
  }

  std::string user() override {
    const char* behind = std::getenv("SUDO_USER");
    if (::geteuid() == 0 && behind != nullptr && *behind != '\0') return behind;
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> room{};
    if (::getpwuid_r(::geteuid(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr)
      return found->pw_name;
    return std::to_string(::geteuid());
  }

  Result<void> run(const std::string& command) override {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, 2, 1);
    std::string shell = "/bin/sh", option = "-c", text = command;
    std::array<char*, 4> words = {shell.data(), option.data(), text.data(), nullptr};
    pid_t child = 0;
    const int error = ::posix_spawn(&child, shell.c_str(), &actions, SpawnAttributes().get(), words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return fail_errno(command, "cannot be started", error);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
      if (errno != EINTR) return fail_errno(command, "cannot be waited for", errno);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return fail(ErrorKind::io, command,
                WIFEXITED(status) ? fmt::format("ended with status {}", WEXITSTATUS(status))
                                  : fmt::format("was ended by signal {}", WTERMSIG(status)));
  }

  Result<void> end(std::uint32_t pid, bool kill) override {
    if (pid <= 1) return fail(ErrorKind::refused, fmt::format("process {}", pid), "is not one to end");
    if (::kill(static_cast<pid_t>(pid), kill ? SIGKILL : SIGTERM) != 0 && errno != ESRCH) {
      const int why = errno;
      return fail_errno(fmt::format("process {}", pid), "cannot be ended", why,
                        permission_hint(why, "/", "run as root"));
    }
    return {};
  }

  bool interrupted() override { return asked_to_stop != 0; }
  void sleep(std::chrono::milliseconds time) override { std::this_thread::sleep_for(time); }
};

}  // namespace

Host& this_host() {
  static ThisHost host;
  return host;
}

void note_interrupts() {
  struct sigaction note{};
  note.sa_handler = [](int) { asked_to_stop = 1; };
  note.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &note, nullptr);
  // Who reads the output going away is no reason to stop. A handler, because what is run must not inherit it.
  struct sigaction pass{};
  pass.sa_handler = [](int) {};
  pass.sa_flags = SA_RESTART;
  ::sigaction(SIGPIPE, &pass, nullptr);
}

}  // namespace gpuslice::ops
