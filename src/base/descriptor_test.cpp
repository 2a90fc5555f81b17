#include "base/descriptor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gpuslice {
namespace {

// Runs `check` in a child in which the descriptors of `closed` (bit n: descriptor n) are closed; returns its result.
template <class Check>
int with_closed(unsigned closed, Check check) {
  const auto child = ::fork();
  if (child == 0) {
    for (int fd = 0; fd < 3; ++fd)
      if ((closed >> static_cast<unsigned>(fd) & 1U) != 0) ::close(fd);
    ::_exit(check());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }
// Which of the descriptors 0 to 2 are open, as a bit mask.
unsigned open_now() {
  unsigned bits = 0;
  for (int fd = 0; fd < 3; ++fd)
    if (is_open(fd)) bits |= 1U << static_cast<unsigned>(fd);
  return bits;
}

TEST(Descriptor, AFileIsNeverAStandardDescriptor) {
  for (unsigned closed = 0; closed < 8; ++closed)
    EXPECT_EQ(with_closed(closed,
                          [closed] {
                            const int fd = open_file("/dev/null", O_RDWR | O_CLOEXEC);
                            if (fd < 3) return 1;
                            if (::fcntl(fd, F_GETFD) != FD_CLOEXEC) return 2;
                            // The client's descriptors are unchanged.
                            if (open_now() != (~closed & 7U)) return 3;
                            const int kept = open_file("/dev/null", O_RDWR);
                            return kept >= 3 && ::fcntl(kept, F_GETFD) == 0 ? 0 : 4;
                          }),
              0)
        << closed;
}

TEST(Descriptor, AFailureSetsErrnoAndLeavesNothingOpen) {
  EXPECT_EQ(with_closed(7,
                        [] {
                          const int fd = open_file("/none/of/these", O_RDONLY);
                          if (fd != -1 || errno != ENOENT) return 1;
                          return is_open(0) || is_open(1) || is_open(2) ? 2 : 0;
                        }),
            0);
}

TEST(Descriptor, ProgramsOpenMissingDescriptorsOnTheNullDevice) {
  for (unsigned closed = 0; closed < 8; ++closed)
    EXPECT_EQ(with_closed(closed,
                          [closed] {
                            struct stat null{};
                            ::stat("/dev/null", &null);
                            open_standard_descriptors();
                            for (int fd = 0; fd < 3; ++fd) {
                              struct stat found{};
                              if (::fstat(fd, &found) != 0) return 1;
                              const bool ours = (closed >> static_cast<unsigned>(fd) & 1U) != 0;
                              if (ours && (found.st_rdev != null.st_rdev || !S_ISCHR(found.st_mode))) return 2;
                            }
                            return 0;
                          }),
              0)
        << closed;
}

TEST(Descriptor, NoFileOpenedMeanwhileIsAStandardDescriptor) {
  EXPECT_EQ(with_closed(7,
                        [] {
                          const StandardDescriptorsTaken taken;
                          if (::open("/dev/null", O_RDONLY) < 3) return 1;
                          return ::write(1, "x", 1) == -1 && errno == EBADF ? 0 : 2;
                        }),
            0);
}

}  // namespace
}  // namespace gpuslice
