// The services of the machine: signals reach the intended process and no other.
#include "ops/host.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace gpuslice::ops {
namespace {

// A child that waits for signals.
class Child {
 public:
  Child() : pid_(::fork()) {
    if (pid_ != 0) return;
    while (true) ::pause();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (!reaped_) ::kill(pid_, SIGKILL);
    reap();
  }
  [[nodiscard]] std::uint32_t pid() const { return static_cast<std::uint32_t>(pid_); }
  // The signal that ended the child.
  int reap() {
    if (reaped_) return status_;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    reaped_ = true;
    return status_ = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

 private:
  pid_t pid_;
  bool reaped_{};
  int status_{};
};

TEST(Host, SendsSigtermOrSigkill) {
  for (const bool kill : {false, true}) {
    Child child;
    const auto held = this_host().hold(child.pid());
    ASSERT_TRUE(held) << held.error().message();
    ASSERT_NE(*held, nullptr);
    ASSERT_TRUE((*held)->end(kill));
    EXPECT_EQ(child.reap(), kill ? SIGKILL : SIGTERM);
    EXPECT_TRUE((*held)->end(kill)) << "it is not an error if it has already exited";
  }
}

TEST(Host, NoProcessGivesNoHandle) {
  Child child;
  ASSERT_EQ(::kill(static_cast<pid_t>(child.pid()), SIGKILL), 0);
  child.reap();
  const auto held = this_host().hold(child.pid());
  ASSERT_TRUE(held);
  EXPECT_EQ(*held, nullptr);
}

TEST(Host, NeverStopsProcessOne) {
  for (const std::uint32_t pid : {0U, 1U}) EXPECT_EQ(this_host().hold(pid).error().kind, ErrorKind::refused);
}

}  // namespace
}  // namespace gpuslice::ops
