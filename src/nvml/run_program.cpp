#include "nvml/run_program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/size_limit.hpp"

namespace gpuslice::nvml {
namespace {

constexpr const char* mark = "GPUSLICE_RUNS_PROGRAM";

std::unexpected<node::DriverError> refused(int code, std::string text) {
  return std::unexpected(node::DriverError{code, std::move(text)});
}

std::string read_all(int fd) {
  std::string all;
  std::array<char, 4096> part{};
  for (;;) {
    const auto got = ::read(fd, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return all;
    all.append(part.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

node::Answer<Ended> run_program(std::vector<std::string> words, bool keep_output) {
  const auto name = words.at(0);
  if (std::getenv(mark) != nullptr)
    return refused(node::err_not_found, name + " in PATH is gpuslice's, but NVIDIA's is required");
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::string marked{mark};
  marked += "=1";
  std::vector<char*> environment;
  for (char** one = environ; *one != nullptr; ++one) environment.push_back(*one);
  environment.push_back(marked.data());
  environment.push_back(nullptr);

  std::array<int, 2> pipe{-1, -1};
  if (keep_output && ::pipe2(pipe.data(), O_CLOEXEC) != 0)
    return refused(node::err_unknown,
                   "cannot read the output of " + name + ": " + std::generic_category().message(errno));
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, keep_output ? pipe[1] : STDERR_FILENO, STDOUT_FILENO);
  pid_t child = 0;
  const int error =
      ::posix_spawnp(&child, name.c_str(), &actions, SpawnAttributes().get(), arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (keep_output) ::close(pipe[1]);
  Ended ended;
  if (keep_output && error == 0) ended.out = read_all(pipe[0]);
  if (keep_output) ::close(pipe[0]);
  if (error != 0)
    return refused(node::err_not_found, "cannot start " + name + ": " + std::generic_category().message(error) +
                                            " (NVIDIA's own program is required)");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return refused(node::err_unknown, "cannot wait for " + name);
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : node::err_unknown;
  return ended;
}

}  // namespace gpuslice::nvml
