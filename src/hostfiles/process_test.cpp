#include "hostfiles/process.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <filesystem>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::hostfiles {
namespace {

constexpr const char* status =
    "Name:\tpython3\nUmask:\t0022\nUid:\t1000\t1001\t1002\t1003\nGid:\t1000\t1000\t1000\t1000\n";

// A host with process 4711, which started 250 s after the host.
void write_process(const testing::TempDir& root) {
  const auto ticks = std::to_string(250 * ::sysconf(_SC_CLK_TCK));
  root.write("proc/stat", "cpu  1 2 3\ncpu0 1 2 3\nintr 5\nbtime 1763700000\nprocesses 9\n");
  root.write("proc/4711/status", status);
  root.write("proc/4711/cmdline", std::string("python3\0train.py\0--lr\0", 22));
  // The name of the file is free text, brackets and blanks included.
  root.write("proc/4711/stat",
             "4711 (py) S 1 (x) R 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 " + ticks + " 20 21\n");
  root.write("proc/4711/cgroup", "0::/system.slice/train.service\n");
}

TEST(Process, HasWhatItsFilesSay) {
  const testing::TempDir root;
  write_process(root);
  const auto found = read_process(root.path(), 4711);
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->uid, 1001U) << "the effective one";
  EXPECT_EQ(found->command, "python3 train.py --lr");
  EXPECT_EQ(found->started, 1763700000 + 250);
  ASSERT_TRUE(found->membership);
  EXPECT_EQ(found->membership->unit, "train.service");
}

TEST(Process, LacksWhatAFileDoesNotSay) {
  const testing::TempDir root;
  write_process(root);
  root.write("proc/4711/stat", "4711 (python3) S 1 2");
  std::filesystem::remove(root.path("proc/4711/cgroup"));
  root.write("proc/4711/cmdline", "");
  const auto found = read_process(root.path(), 4711);
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->command, "");
  EXPECT_EQ(found->started, std::nullopt);
  EXPECT_EQ(found->membership, std::nullopt);
  for (const char* text : {"cpu  1 2 3\n", "btime\n", "btime x\n", ""}) {
    write_process(root);
    root.write("proc/stat", text);
    EXPECT_EQ(read_process(root.path(), 4711)->started, std::nullopt) << text;
  }
}

TEST(Process, OfALongCommandLineHasItsBeginning) {
  const testing::TempDir root;
  write_process(root);
  root.write("proc/4711/cmdline", std::string(1'000'000, 'x'));
  EXPECT_EQ(read_process(root.path(), 4711)->command, std::string(65'536, 'x'));
}

TEST(Process, ThatIsNotThereIsNamed) {
  const testing::TempDir root;
  const auto found = read_process(root.path(), 4711);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::not_found);
  EXPECT_EQ(found.error().message(), "process 4711: has ended, or is hidden from this user");
}

TEST(Process, WithoutAUserIsDamaged) {
  const testing::TempDir root;
  for (const char* text : {"", "Uid:\n", "Uid:\t1000\n", "Uid:\tx\ty\n"}) {
    root.write("proc/4711/status", text);
    const auto found = read_process(root.path(), 4711);
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().kind, ErrorKind::damaged);
  }
}

TEST(Process, ThatMustNotBeLookedAtIsNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read every file";
  const testing::TempDir root;
  write_process(root);
  std::filesystem::permissions(root.path("proc/4711/status"), std::filesystem::perms::none);
  const auto found = read_process(root.path(), 4711);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::permission);
  EXPECT_EQ(found.error().message(),
            "process 4711: belongs to another user, and this host hides it (proc(5), hidepid)");
}

TEST(Process, OfThisHost) {
  const auto found = read_process("", static_cast<std::uint32_t>(::getpid()));
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->uid, ::geteuid());
  EXPECT_NE(found->command.find("hostfiles_test"), std::string::npos) << found->command;
  ASSERT_TRUE(found->started);
  EXPECT_LE(*found->started, std::time(nullptr) + 1);
  EXPECT_GT(*found->started, std::time(nullptr) - 3600);
}

TEST(Process, ThatHasEndedAndIsNotReapedHasNoCommand) {
  const auto child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  const auto found = read_process("", static_cast<std::uint32_t>(child));
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->command, "");
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_EQ(read_process("", static_cast<std::uint32_t>(child)).error().kind, ErrorKind::not_found);
}

TEST(UtcText, IsAnInstant) {
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(1763700000), "2025-11-21T04:40:00Z");
}

}  // namespace
}  // namespace gpuslice::hostfiles
