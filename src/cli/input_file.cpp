#include "cli/input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace gpuslice::cli {
namespace {

// Closes the descriptor that it opened; never closes standard input.
class Input {
 public:
  explicit Input(int fd, bool own) : fd_(fd), own_(own) {}
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() {
    if (own_ && fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
  bool own_;
};

const char* kind_that_is_no_file(mode_t mode) {
  if (S_ISSOCK(mode)) return "is a socket, not a file";
  if (S_ISBLK(mode)) return "is a block device, not a file";
  return nullptr;
}

Result<std::string> read_all(int fd, const std::string& name, std::size_t limit) {
  std::string text;
  std::array<char, 65536> part;
  while (text.size() <= limit) {
    const auto got = ::read(fd, part.data(), std::min(part.size(), limit + 1 - text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(name, "cannot be read", errno);
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  return fail(ErrorKind::usage, name, fmt::format("is larger than the limit of {} bytes", limit));
}

}  // namespace

Result<std::string> read_input(const std::string& path, std::size_t limit) {
  if (path == "-") return read_all(STDIN_FILENO, "<stdin>", limit);
  // Opened without blocking: opening a FIFO would otherwise wait for a writer.
  const Input file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), true);
  if (file.get() < 0) {
    const int why = errno;
    struct stat about{};
    if (why == ENXIO && ::stat(path.c_str(), &about) == 0)
      if (const auto* kind = kind_that_is_no_file(about.st_mode)) return fail(ErrorKind::usage, path, kind);
    return fail_errno(path, "cannot be read", why);
  }
  struct stat about{};
  if (::fstat(file.get(), &about) != 0) return fail_errno(path, "cannot be read", errno);
  if (const auto* kind = kind_that_is_no_file(about.st_mode)) return fail(ErrorKind::usage, path, kind);
  // A FIFO may come from the shell, as <(command): it is read until its last writer closes it.
  if (S_ISFIFO(about.st_mode)) {
    char first = 0;
    const auto got = ::read(file.get(), &first, 1);
    if (got == 0) return fail(ErrorKind::usage, path, "is a FIFO that no process writes to");
    if (got < 0 && errno != EAGAIN) return fail_errno(path, "cannot be read", errno);
    if (::fcntl(file.get(), F_SETFL, 0) != 0) return fail_errno(path, "cannot be read", errno);
    if (got < 0) return read_all(file.get(), path, limit);
    const auto rest = GPUSLICE_TRY(read_all(file.get(), path, limit == 0 ? 0 : limit - 1));
    return std::string(1, first) + rest;
  }
  if (::fcntl(file.get(), F_SETFL, 0) != 0) return fail_errno(path, "cannot be read", errno);
  return read_all(file.get(), path, limit);
}

}  // namespace gpuslice::cli
