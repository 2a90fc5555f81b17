#include "nvml/reset_program.hpp"

#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

namespace gpuslice::nvml {

node::Answer<void> reset_by_program(GpuIndex gpu) {
  const auto refused = [](int code, std::string text) {
    return std::unexpected(node::DriverError{code, std::move(text)});
  };
  std::string program = "nvidia-smi", option = "--gpu-reset", which = "-i", index = std::to_string(gpu.value);
  std::array<char*, 5> words = {program.data(), option.data(), which.data(), index.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, 2, 1);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, program.c_str(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    return refused(node::err_not_found, "nvidia-smi cannot be started: " + std::generic_category().message(error) +
                                            " (a reset needs NVIDIA's own program)");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return refused(node::err_unknown, "nvidia-smi --gpu-reset cannot be waited for");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : node::err_unknown;
  const bool telling = code == node::err_in_use || code == node::err_no_permission;
  return refused(telling ? code : node::err_unknown,
                 "nvidia-smi --gpu-reset ended with status " + std::to_string(code));
}

}  // namespace gpuslice::nvml
