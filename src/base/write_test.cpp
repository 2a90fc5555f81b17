#include "base/write.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/testing/size_limit.hpp"
#include "base/testing/temp_dir.hpp"

namespace gpuslice {
namespace {

class Write : public ::testing::Test {
 protected:
  ~Write() override {
    if (fd_ >= 0) ::close(fd_);
    if (from_ >= 0) ::close(from_);
  }
  int open(const std::string& path) {
    return fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  }
  int read(const std::string& path) { return from_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }
  [[nodiscard]] std::string path(const char* name) const { return folder_.path(name); }

  testing::TempDir folder_;

 private:
  int fd_{-1};
  int from_{-1};
};

TEST_F(Write, WritesAllOrReturnsTheReason) {
  EXPECT_EQ(write_all(open(path("a")), "text"), 0);
  EXPECT_EQ(folder_.read("a"), "text");
  EXPECT_EQ(write_all(-1, ""), 0);
  EXPECT_EQ(write_all(-1, "text"), EBADF);
  EXPECT_EQ(write_all(open("/dev/full"), "text"), ENOSPC);
}

// The first write is short and sets no errno; the next one fails with the reason.
TEST_F(Write, AShortWriteIsContinued) {
  const int fd = open(path("a"));
  const testing::SizeLimit limit(3);
  EXPECT_EQ(write_all(fd, "text"), EFBIG);
}

TEST_F(Write, CopiesAllOrReturnsTheReason) {
  const std::string text(100'000, 'x');
  folder_.write("from", text);
  EXPECT_EQ(copy_all(read(path("from")), open(path("to"))), 0);
  EXPECT_EQ(folder_.read("to"), text);
  EXPECT_EQ(copy_all(read(path("from")), open("/dev/full")), ENOSPC);
  const int from = read(path("from"));
  const int to = open(path("to"));
  const testing::SizeLimit limit(50'000);
  EXPECT_EQ(copy_all(from, to), EFBIG);
}

}  // namespace
}  // namespace gpuslice
