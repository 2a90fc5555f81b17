#include "base/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace gpuslice {
namespace {

constexpr int first_other = 3;

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

}  // namespace

void open_standard_descriptors() noexcept {
  for (int fd = 0; fd < first_other; ++fd) {
    if (is_open(fd)) continue;
    // open(2) returns the lowest free descriptor; as long as one below this number was closed, that is this one.
    [[maybe_unused]] const int opened = ::open("/dev/null", O_RDWR);
  }
}

StandardDescriptorsTaken::StandardDescriptorsTaken() noexcept {
  const int before = errno;
  for (int fd = 0; fd < first_other; ++fd) {
    if (is_open(fd)) continue;
    // An O_PATH descriptor cannot be read or written, so a client that uses 0 to 2 still gets an error.
    const int opened = ::open("/", O_PATH | O_CLOEXEC);
    if (opened >= 0 && opened < first_other)
      ours_[static_cast<std::size_t>(opened)] = true;
    else if (opened >= 0)
      ::close(opened);  // another thread has opened the missing one already
  }
  errno = before;
}

StandardDescriptorsTaken::~StandardDescriptorsTaken() {
  const int before = errno;
  for (int fd = 0; fd < first_other; ++fd)
    if (ours_[static_cast<std::size_t>(fd)]) ::close(fd);
  errno = before;
}

int open_file(const char* path, int flags, mode_t mode) noexcept {
  const StandardDescriptorsTaken taken;
  const int fd = ::open(path, flags, mode);
  if (fd < 0 || fd >= first_other) return fd;
  // Another thread has closed one of 0 to 2 in the meantime.
  const int above = ::fcntl(fd, (flags & O_CLOEXEC) != 0 ? F_DUPFD_CLOEXEC : F_DUPFD, first_other);
  const int why = errno;
  ::close(fd);
  errno = why;
  return above;
}

}  // namespace gpuslice
