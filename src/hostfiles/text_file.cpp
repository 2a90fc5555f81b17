#include "hostfiles/text_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/descriptor.hpp"

namespace gpuslice::hostfiles {
namespace {

// Errors of a file in /proc: ESRCH is what the kernel answers when the process has ended after the file was opened.
std::unexpected<Error> cannot_read(const std::string& path, int why) {
  return fail_errno(path, "cannot be read", why == ESRCH ? ENOENT : why);
}

}  // namespace

Result<std::string> read_text(const std::string& path, std::size_t most) {
  const int fd = open_file(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return cannot_read(path, errno);
  std::string text;
  std::array<char, 4096> part{};
  int why = 0;
  while (text.size() < most) {
    const auto got = ::read(fd, part.data(), std::min(part.size(), most - text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) why = errno;
    if (got <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  ::close(fd);
  if (why != 0) return cannot_read(path, why);
  return text;
}

}  // namespace gpuslice::hostfiles
