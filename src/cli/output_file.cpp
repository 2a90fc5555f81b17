#include "cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/descriptor.hpp"
#include "base/write.hpp"

namespace gpuslice::cli {
namespace {

// Returns 0, or the errno of the call that failed.
int write_and_close(int fd, std::string_view text) {
  int why = write_all(fd, text);
  if (::close(fd) != 0 && why == 0) why = errno;
  return why;
}

Result<void> write_in_place(const std::string& path, std::string_view text) {
  const int fd = open_file(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  const int why = fd < 0 ? errno : write_and_close(fd, text);
  if (why != 0) return fail_errno(path, "cannot be written", why);
  return {};
}

Result<void> replace(const std::string& path, std::string_view text, const struct stat* old) {
  const auto beside = path + ".new-" + std::to_string(::getpid());
  const int fd = open_file(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fd < 0) return fail_errno(path, "cannot be written", errno);
  int why = old != nullptr && ::fchmod(fd, old->st_mode & 07777U) != 0 ? errno : 0;
  const int written = write_and_close(fd, text);
  if (why == 0) why = written;
  if (why == 0 && std::rename(beside.c_str(), path.c_str()) != 0) why = errno;
  if (why == 0) return {};
  ::unlink(beside.c_str());
  return fail_errno(path, "cannot be written", why);
}

}  // namespace

Result<void> write_output(const std::string& path, std::string_view text) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0)
    return errno == ENOENT ? replace(path, text, nullptr) : fail_errno(path, "cannot be written", errno);
  const bool others = !S_ISREG(info.st_mode) || info.st_nlink > 1 || info.st_uid != ::geteuid();
  return others ? write_in_place(path, text) : replace(path, text, &info);
}

}  // namespace gpuslice::cli
