#include "sim/wake_word.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::sim {
namespace {

using namespace std::chrono_literals;

class WakeWord : public ::testing::Test {
 protected:
  void SetUp() override { dir.write("word", std::string(4096, '\0')); }
  // A separate mapping.
  std::uint32_t* map(bool writable) const {
    const int fd = ::open(dir.path("word").c_str(), (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    void* at = ::mmap(nullptr, 4096, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
    ::close(fd);
    EXPECT_NE(at, MAP_FAILED);
    return static_cast<std::uint32_t*>(at);
  }
  gpuslice::testing::TempDir dir;
};

TEST_F(WakeWord, SleepReturnsAtOnceIfTheWordHasChanged) {
  auto* const word = map(true);
  wake_all(*word);
  EXPECT_EQ(read_word(*word), 1u);
  EXPECT_TRUE(sleep_on(*word, 0, 60s));
  EXPECT_FALSE(sleep_on(*word, 1, 1ms)) << "no process increments it";
  EXPECT_FALSE(sleep_on(*word, 1, 0ns));
}

// The child opens the file read-only and reports that it is running. Whether or not it already sleeps when the word is
// incremented, it must return long before its time limit.
TEST_F(WakeWord, WakesAProcessWithReadOnlyAccess) {
  auto* const word = map(true);
  int up[2];
  ASSERT_EQ(::pipe(up), 0);
  const auto pid = ::fork();
  if (pid == 0) {
    const auto* own = map(false);
    const auto seen = read_word(*own);
    if (::write(up[1], "x", 1) != 1) ::_exit(2);
    ::_exit(sleep_on(*own, seen, 600s) && read_word(*own) == 1 ? 0 : 1);
  }
  char byte{};
  ASSERT_EQ(::read(up[0], &byte, 1), 1);
  wake_all(*word);
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST_F(WakeWord, ASignalDoesNotEndTheSleep) {
  auto* const word = map(true);
  int up[2];
  ASSERT_EQ(::pipe(up), 0);
  const auto pid = ::fork();
  if (pid == 0) {
    struct sigaction action{};
    action.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &action, nullptr);  // without SA_RESTART
    if (::write(up[1], "x", 1) != 1) ::_exit(2);
    ::_exit(sleep_on(*word, 0, 600s) && read_word(*word) != 0 ? 0 : 1);
  }
  char byte{};
  ASSERT_EQ(::read(up[0], &byte, 1), 1);
  for (int n = 0; n < 50; ++n) {
    ASSERT_EQ(::kill(pid, SIGUSR1), 0);
    ::sched_yield();
    ASSERT_EQ(::waitpid(pid, nullptr, WNOHANG), 0) << "still asleep";
  }
  wake_all(*word);
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace gpuslice::sim
