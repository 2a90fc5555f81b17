#include "base/write.hpp"

#include <sys/sendfile.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace gpuslice {
namespace {

constexpr std::size_t buffer_bytes = 32768;
constexpr std::size_t most_at_once = std::size_t{1} << 30U;

}  // namespace

int write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const auto count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

int copy_all(int from, int to) noexcept {
  while (true) {
    const auto count = ::sendfile(to, from, nullptr, most_at_once);
    if (count == 0) return 0;
    if (count > 0 || errno == EINTR) continue;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    break;  // the call does not support these kinds of files
  }
  std::array<char, buffer_bytes> part;
  while (true) {
    const auto count = ::read(from, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return 0;
    if (const int why = write_all(to, {part.data(), static_cast<std::size_t>(count)}); why != 0) return why;
  }
}

}  // namespace gpuslice
