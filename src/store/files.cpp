#include "store/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/descriptor.hpp"
#include "base/write.hpp"

namespace gpuslice::store {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

constexpr std::size_t max_bytes = std::size_t{64} << 20U;

std::string parent(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> write_to_disk(int fd, const std::string& path, const std::string& text) {
  if (const int why = write_all(fd, text); why != 0) return fail_errno(path, "cannot be written", why);
  if (::fsync(fd) != 0) return fail_errno(path, "cannot be synced to disk", errno);
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  // O_NONBLOCK: a pipe at this path must not block the call.
  const Descriptor file(open_file(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.get() < 0 && errno == ELOOP)
    return fail(ErrorKind::damaged, path, "is a symbolic link, which is not followed");
  if (file.get() < 0) return fail_errno(path, "cannot be read", errno);
  struct stat about{};
  if (::fstat(file.get(), &about) != 0) return fail_errno(path, "cannot be examined", errno);
  if (!S_ISREG(about.st_mode)) return fail(ErrorKind::damaged, path, "is not a plain file");
  std::string text;
  char part[16384];
  while (true) {
    const auto count = ::read(file.get(), part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(path, "cannot be read", errno);
    if (count == 0) return text;
    text.append(part, static_cast<std::size_t>(count));
    if (text.size() > max_bytes)
      return fail(ErrorKind::damaged, path, "is larger than " + std::to_string(max_bytes >> 20U) + " MiB");
  }
}

Result<void> replace_file(const std::string& path, const std::string& text) {
  const auto fresh = path + ".new";
  {
    // A file that a killed writer left. It is created anew, so that a link or another file at this path is not written
    // to.
    ::unlink(fresh.c_str());
    const Descriptor file(open_file(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (file.get() < 0) return fail_errno(fresh, "cannot be created", errno);
    if (auto done = write_to_disk(file.get(), fresh, text); !done) {
      ::unlink(fresh.c_str());
      return done;
    }
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return fail_errno(path, "cannot be replaced", errno);
  return sync_directory(parent(path));
}

Result<void> append_line(const std::string& path, const std::string& line, Missing missing) {
  const int make = missing == Missing::make ? O_CREAT : 0;
  const Descriptor file(open_file(path.c_str(), O_RDWR | make | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (file.get() < 0) return fail_errno(path, "cannot be opened", errno);
  struct stat about{};
  if (::fstat(file.get(), &about) != 0) return fail_errno(path, "cannot be examined", errno);
  if (!S_ISREG(about.st_mode)) return fail(ErrorKind::damaged, path, "is not a plain file");
  std::string text = line + "\n";
  char last = '\n';
  if (about.st_size > 0 && ::pread(file.get(), &last, 1, about.st_size - 1) == 1 && last != '\n') text.insert(0, "\n");
  return write_to_disk(file.get(), path, text);
}

Result<std::string> set_file_aside(const std::string& path) {
  struct stat ignored{};
  std::string aside;
  for (int number = 1; aside.empty() || ::lstat(aside.c_str(), &ignored) == 0; ++number)
    aside = path + ".damaged-" + std::to_string(number);
  if (std::rename(path.c_str(), aside.c_str()) != 0) return fail_errno(path, "cannot be set aside", errno);
  GPUSLICE_CHECK(sync_directory(parent(path)));
  return aside;
}

Result<void> sync_directory(const std::string& path) {
  const Descriptor directory(open_file(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0) return fail_errno(path, "cannot be opened", errno);
  // Some file systems (overlays of containers) cannot sync directories and return EINVAL.
  if (::fsync(directory.get()) != 0 && errno != EINVAL) return fail_errno(path, "cannot be synced to disk", errno);
  return {};
}

}  // namespace gpuslice::store
