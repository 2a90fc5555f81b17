#include "store/files.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/testing/temp_dir.hpp"

namespace {

std::vector<std::string> calls;  // calls of the two functions below, in order
int fsync_fails_with = 0;

}  // namespace

// Replaces the C library's function in the whole program, to check the order of writes, which matters after a kill or a
// power failure.
extern "C" int fsync(int fd) {
  std::error_code error;
  calls.push_back("fsync " + std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), error).string());
  if (fsync_fails_with == 0) return static_cast<int>(::syscall(SYS_fsync, fd));
  errno = fsync_fails_with;
  return -1;
}
extern "C" int rename(const char* from, const char* to) noexcept {
  calls.push_back(std::string("rename ") + from + " to " + to);
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

namespace gpuslice::store {
namespace {

class Files : public ::testing::Test {
 protected:
  const gpuslice::testing::TempDir temporary;
  const std::string dir = temporary.path();
};

TEST_F(Files, AFileIsReplacedAsAWhole) {
  const auto path = dir + "/names";
  ASSERT_TRUE(replace_file(path, "one\n"));
  ASSERT_TRUE(replace_file(path, "two\n"));
  EXPECT_EQ(*read_file(path), "two\n");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(Files, ALineAfterAnIncompleteOneIsIntact) {
  const auto path = dir + "/audit";
  ASSERT_TRUE(append_line(path, "first", Missing::make));
  std::ofstream(path, std::ios::app) << "cut o";
  ASSERT_TRUE(append_line(path, "second", Missing::make));
  EXPECT_EQ(*read_file(path), "first\ncut o\nsecond\n");
}

TEST_F(Files, ErrorsNameTheFileAndTheReason) {
  const auto none = read_file(dir + "/none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  EXPECT_EQ(none.error().object, dir + "/none");
  const auto nowhere = replace_file(dir + "/no/where", "x");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().message(), dir + "/no/where.new: cannot be created: No such file or directory");
}

TEST_F(Files, AFullDiskKeepsTheOldTextAndLeavesNoOtherFile) {
  ASSERT_TRUE(replace_file(dir + "/names", "old\n"));
  // A limit on the file size simulates the full disk.
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{4, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto full = replace_file(dir + "/names", "a longer text\n");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().what, "cannot be written: File too large");
  EXPECT_EQ(*read_file(dir + "/names"), "old\n");
  EXPECT_FALSE(std::filesystem::exists(dir + "/names.new"));
}

TEST_F(Files, LeftoversOfAKilledWriterDoNotMatter) {
  std::ofstream(dir + "/names.new") << "half a te";
  ASSERT_TRUE(replace_file(dir + "/names", "whole\n"));
  EXPECT_EQ(*read_file(dir + "/names"), "whole\n");
}

TEST_F(Files, LinksAreNotFollowed) {
  std::ofstream(dir + "/secret") << "of another user\n";
  for (const auto* name : {"/names", "/names.new", "/audit"})
    std::filesystem::create_symlink(dir + "/secret", dir + name);
  const auto read = read_file(dir + "/names");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::damaged);
  EXPECT_EQ(read.error().message(), dir + "/names: is a symbolic link, which is not followed");
  EXPECT_FALSE(append_line(dir + "/audit", "line", Missing::make));
  ASSERT_TRUE(replace_file(dir + "/names", "ours\n"));
  EXPECT_EQ(*read_file(dir + "/names"), "ours\n");
  EXPECT_EQ(*read_file(dir + "/secret"), "of another user\n");
}

TEST_F(Files, OtherThanRegularFilesAreRefused) {
  ASSERT_EQ(::mkfifo((dir + "/names").c_str(), 0600), 0);
  const auto read = read_file(dir + "/names");  // does not wait for a writer of the FIFO
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message(), dir + "/names: is not a plain file");
}

TEST_F(Files, AMissingFileIsNotCreatedOnRequest) {
  const auto appended = append_line(dir + "/journal", "line", Missing::fail);
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, ErrorKind::not_found);
  EXPECT_FALSE(std::filesystem::exists(dir + "/journal"));
}

TEST_F(Files, AFileThatIsSetAsideGetsAFreeName) {
  for (const std::string text : {"one", "two"}) {
    std::ofstream(dir + "/names") << text;
    ASSERT_TRUE(set_file_aside(dir + "/names"));
  }
  EXPECT_FALSE(std::filesystem::exists(dir + "/names"));
  EXPECT_EQ(*read_file(dir + "/names.damaged-1"), "one");
  EXPECT_EQ(*read_file(dir + "/names.damaged-2"), "two");
}

// --- Synced to disk when the call returns

TEST_F(Files, AFileIsSyncedBeforeItsNameAndThenTheName) {
  calls.clear();
  ASSERT_TRUE(replace_file(dir + "/names", "new\n"));
  const auto names = dir + "/names";
  EXPECT_EQ(calls, (std::vector<std::string>{"fsync " + names + ".new", "rename " + names + ".new to " + names,
                                             "fsync " + dir}));
}

TEST_F(Files, ALineIsSynced) {
  calls.clear();
  ASSERT_TRUE(append_line(dir + "/journal", "step", Missing::make));
  EXPECT_EQ(calls, std::vector<std::string>{"fsync " + dir + "/journal"});
}

TEST_F(Files, AFailedSyncKeepsTheOldText) {
  ASSERT_TRUE(replace_file(dir + "/names", "old\n"));
  fsync_fails_with = EIO;
  const auto refused = replace_file(dir + "/names", "new\n");
  const auto line = append_line(dir + "/journal", "step", Missing::make);
  fsync_fails_with = 0;
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), dir + "/names.new: cannot be synced to disk: Input/output error");
  EXPECT_EQ(*read_file(dir + "/names"), "old\n");
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().message(), dir + "/journal: cannot be synced to disk: Input/output error");
}

}  // namespace
}  // namespace gpuslice::store
