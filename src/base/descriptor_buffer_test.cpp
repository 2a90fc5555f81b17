#include "base/descriptor_buffer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>

#include "base/testing/temp_dir.hpp"

namespace gpuslice {
namespace {

class DescriptorBufferTest : public ::testing::Test {
 protected:
  ~DescriptorBufferTest() override { ::close(fd_); }
  int open(const std::string& path) {
    return fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  }

  testing::TempDir folder_;
  int fd_{-1};
};

TEST_F(DescriptorBufferTest, AStreamKeepsTheReason) {
  DescriptorBuffer buffer(open("/dev/full"));
  std::ostream out(&buffer);
  out << "text";
  EXPECT_TRUE(out);
  EXPECT_EQ(write_error(out), 0);
  out.flush();
  EXPECT_FALSE(out);
  errno = 0;
  EXPECT_EQ(write_error(out), ENOSPC);
  EXPECT_EQ(write_error_text(out), "cannot be written: No space left on device");
  out.clear();
  out << std::string(100'000, 'x');
  EXPECT_EQ(write_error(out), ENOSPC);
  EXPECT_EQ(write_error(std::ostringstream{}), 0);
  EXPECT_EQ(write_error_text(std::ostringstream{}), "cannot be written");
}

TEST_F(DescriptorBufferTest, AStreamWritesEverythingInOrder) {
  std::string wanted;
  {
    DescriptorBuffer buffer(open(folder_.path("a")));
    std::ostream out(&buffer);
    for (std::size_t size : {1U, 100U, 32'000U, 1'000U, 70'000U, 3U, 32'768U, 1U}) {
      const std::string part(size, static_cast<char>('a' + size % 26));
      wanted += part + '\n';
      out << part << '\n';
    }
    for (int i = 0; i < 40'000; ++i) {
      out.put('.');
      wanted += '.';
    }
    EXPECT_TRUE(out);
  }
  EXPECT_EQ(folder_.read("a"), wanted);
}

TEST_F(DescriptorBufferTest, ALineBufferedStreamWritesEachLine) {
  DescriptorBuffer buffer(open(folder_.path("a")), DescriptorBuffer::Hand::line);
  std::ostream out(&buffer);
  out << "one";
  EXPECT_EQ(folder_.read("a"), "");
  out << " line" << '\n';
  EXPECT_EQ(folder_.read("a"), "one line\n");
}

}  // namespace
}  // namespace gpuslice
