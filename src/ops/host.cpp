#include "ops/host.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/number.hpp"
#include "base/permission_hint.hpp"
#include "base/size_limit.hpp"

namespace gpuslice::ops {
namespace {

// Start time of the process in clock ticks since boot (proc(5), stat, field 22); 0: no such process.
unsigned long long start_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(')');  // the name may contain any character, even brackets
  if (name_end == std::string::npos) return 0;
  std::istringstream rest(text.substr(name_end + 1));
  std::string field;
  constexpr int before = 22 - 3;  // the first field after the name is field 3
  for (int i = 0; i <= before; ++i) rest >> field;
  return parse_number<unsigned long long>(field).value_or(0);
}

class HeldProcess : public Process {
 public:
  HeldProcess(std::string object, pid_t pid, int fd, unsigned long long started)
      : object_(std::move(object)), pid_(pid), fd_(fd), started_(started) {}
  ~HeldProcess() override {
    if (fd_ >= 0) ::close(fd_);
  }

  Result<void> end(bool kill) override {
    const int signal = kill ? SIGKILL : SIGTERM;
    if (fd_ < 0 && start_of(pid_) != started_) return {};
    const bool sent =
        fd_ >= 0 ? ::syscall(SYS_pidfd_send_signal, fd_, signal, nullptr, 0U) == 0 : ::kill(pid_, signal) == 0;
    if (sent || errno == ESRCH) return {};
    const int why = errno;
    return fail_errno(object_, "cannot be stopped", why, permission_hint(why, "/", "run as root"));
  }

 private:
  std::string object_;
  pid_t pid_;
  int fd_;  // a pidfd, owned; -1 where the kernel has none
  unsigned long long started_;
};

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
                                  : fmt::format("was killed by signal {}", WTERMSIG(status)));
  }

  Result<std::unique_ptr<Process>> hold(std::uint32_t pid) override {
    const auto object = fmt::format("process {}", pid);
    if (pid <= 1) return fail(ErrorKind::refused, object, "must not be stopped");
    const auto id = static_cast<pid_t>(pid);
    const auto fd = static_cast<int>(::syscall(SYS_pidfd_open, id, 0U));
    if (fd >= 0) return std::make_unique<HeldProcess>(object, id, fd, 0);
    if (errno == ESRCH) return nullptr;
    // Kernels before 5.3, and containers that block the call, have no pidfd: the start time identifies the process.
    if (errno != ENOSYS && errno != EPERM) return fail_errno(object, "cannot be opened as a pidfd", errno);
    const auto started = start_of(id);
    if (started == 0) return nullptr;
    return std::make_unique<HeldProcess>(object, id, -1, started);
  }

  void sleep(std::chrono::milliseconds time) override { std::this_thread::sleep_for(time); }
};

}  // namespace

Host& this_host() {
  static ThisHost host;
  return host;
}

}  // namespace gpuslice::ops
