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
    // The lowest free descriptor is taken, which is this one.
    [[maybe_unused]] const int opened = ::open("/dev/null", O_RDWR);
  }
}

StandardDescriptorsTaken::StandardDescriptorsTaken() noexcept {
  const int before = errno;
  for (int fd = 0; fd < first_other; ++fd) {
    if (is_open(fd)) continue;
    // Nothing can be read from or written to such a descriptor, so a client that tries is refused as before.
    const int opened = ::open("/", O_PATH | O_CLOEXEC);
    if (opened >= 0 && opened < first_other)
      ours_[static_cast<std::size_t>(opened)] = true;
    else if (opened >= 0)
      ::close(opened);  // another thread was faster
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
  // Another thread has given one of them back meanwhile.
  const int above = ::fcntl(fd, (flags & O_CLOEXEC) != 0 ? F_DUPFD_CLOEXEC : F_DUPFD, first_other);
  const int why = errno;
  ::close(fd);
  errno = why;
  return above;
}

}  // namespace gpuslice
