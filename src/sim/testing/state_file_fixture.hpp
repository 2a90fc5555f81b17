// A state file in a temporary directory, and states in which a mixture of two can be detected.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "base/testing/temp_dir.hpp"
#include "sim/state_file.hpp"

namespace gpuslice::sim::testing {

inline constexpr std::uint32_t gpus = 8;

// Runs `body` in a child process and returns the wait status.
template <class Body>
int in_child(Body body) {
  const auto pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return status;
}
inline bool ended_with(int status, int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; }
inline bool killed_by(int status, int signal) { return WIFSIGNALED(status) && WTERMSIG(status) == signal; }

// Writes the same number into fields that are far apart, so that a mixture of two states can be detected.
inline void stamp(NodeDynamic& state, std::uint64_t number) {
  state.boot = number;
  for (auto& gpu : state.gpus) gpu.persistence = gpu.ecc = static_cast<std::uint32_t>(number);
  for (auto& client : state.clients) client.memory_bytes = number;
}
inline bool is_whole(const NodeDynamic& state) {
  for (const auto& gpu : state.gpus)
    if (gpu.persistence != state.boot || gpu.ecc != state.boot) return false;
  for (const auto& client : state.clients)
    if (client.memory_bytes != state.boot) return false;
  return true;
}
inline constexpr auto count_up = [](NodeDynamic& state) {
  stamp(state, state.boot + 1);
  return true;
};

class StateFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    config.name.set("test");
    config.driver.set("580.126.09");
    config.gpu_count = gpus;
    stamp(start, 1);
    ASSERT_TRUE(StateFile::create(path, config, start));
  }
  [[nodiscard]] std::unique_ptr<StateFile> open(Access access = Access::read_write) const {
    auto file = StateFile::open(path, access);
    if (!file) throw std::runtime_error(file.error().message());
    return std::move(*file);
  }
  // The positions of the file's parts.
  [[nodiscard]] StateLayout layout() const {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    auto found = find_layout(fd, path, static_cast<std::size_t>(size()));
    ::close(fd);
    if (!found) throw std::runtime_error(found.error().message());
    return found->layout;
  }
  [[nodiscard]] off_t size() const {
    struct stat info{};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_size;
  }
  void overwrite(std::size_t at, const void* bytes, std::size_t count) const {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    EXPECT_EQ(::pwrite(fd, bytes, count, static_cast<off_t>(at)), static_cast<ssize_t>(count));
    ::close(fd);
  }
  void expect_damaged(const std::string& why) const {
    for (const auto access : {Access::read_only, Access::read_write}) {
      const auto file = StateFile::open(path, access);
      ASSERT_FALSE(file) << why;
      EXPECT_EQ(file.error().kind, ErrorKind::damaged);
      EXPECT_EQ(file.error().object, path);
      EXPECT_NE(file.error().what.find(why), std::string::npos) << file.error().what;
      EXPECT_FALSE(file.error().hint.empty());
    }
  }

  gpuslice::testing::TempDir dir;
  std::string path = dir.path("state");
  NodeConfig config;
  NodeDynamic start;
};

}  // namespace gpuslice::sim::testing
