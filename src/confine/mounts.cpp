#include "confine/mounts.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/write.hpp"

namespace gpuslice::confine {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0;
}

Result<void> put_text(const std::string& path, const std::string& text, mode_t mode) {
  const int fd = open_file(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, mode);
  if (fd < 0) return fail_errno(path, "cannot create the file", errno);
  int why = write_all(fd, text);
  if (::close(fd) != 0 && why == 0) why = errno;
  if (why != 0) return fail_errno(path, "cannot write the file", why);
  return {};
}

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> mounted(int result, const std::string& target) {
  if (result != 0) return fail_errno(target, "cannot mount there", errno);
  return {};
}

Result<void> put_over(const std::string& source, const std::string& target) {
  return mounted(::mount(source.c_str(), target.c_str(), nullptr, MS_BIND | MS_REC, nullptr), target);
}

Result<void> show(const std::string& source, const std::string& target) {
  struct stat info{};
  if (::lstat(source.c_str(), &info) != 0) return {};  // it has been removed meanwhile
  if (S_ISLNK(info.st_mode)) {
    std::error_code error;
    const auto leads = fs::read_symlink(source, error);
    if (!error) fs::create_symlink(leads, target, error);
    if (error) return fail_errno(target, "cannot create the link", error.value());
    return {};
  }
  if (S_ISDIR(info.st_mode)) {
    if (::mkdir(target.c_str(), 0755) != 0) return fail_errno(target, "cannot create the directory", errno);
  } else {
    GPUSLICE_CHECK(put_text(target, "", 0644));
  }
  return put_over(source, target);
}

Result<void> look_only(const std::string& path) {
  struct statvfs info{};
  unsigned long flags = MS_BIND | MS_REMOUNT | MS_NODEV | MS_RDONLY;
  // The existing flags must be kept, because the kernel refuses to clear them for users other than root.
  if (::statvfs(path.c_str(), &info) == 0) {
    if ((info.f_flag & ST_NOSUID) != 0) flags |= MS_NOSUID;
    if ((info.f_flag & ST_NOEXEC) != 0) flags |= MS_NOEXEC;
    if ((info.f_flag & ST_RDONLY) != 0) flags |= MS_RDONLY;
    if ((info.f_flag & ST_NOATIME) != 0) flags |= MS_NOATIME;
    if ((info.f_flag & ST_NODIRATIME) != 0) flags |= MS_NODIRATIME;
    if ((info.f_flag & ST_RELATIME) != 0) flags |= MS_RELATIME;
  }
  return mounted(::mount(nullptr, path.c_str(), nullptr, flags, nullptr), path);
}

}  // namespace gpuslice::confine
