#include "simhost/draft.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "base/descriptor.hpp"

namespace gpuslice::simhost {
namespace {

namespace fs = std::filesystem;

bool same(int fd, const fs::path& path) {
  struct stat mine{};
  struct stat named{};
  return ::fstat(fd, &mine) == 0 && ::lstat(path.c_str(), &named) == 0 && mine.st_dev == named.st_dev &&
         mine.st_ino == named.st_ino;
}

// Opens and locks the directory; returns -1 if it does not exist, is not ours, or another process is using it.
int lock_if_free(const fs::path& path) {
  const int fd = open_file(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return -1;
  struct stat info{};
  if (::fstat(fd, &info) == 0 && info.st_uid == ::geteuid() && ::flock(fd, LOCK_EX | LOCK_NB) == 0 && same(fd, path))
    return fd;
  ::close(fd);
  return -1;
}

bool is_draft(const std::string& name) {
  const auto dot = name.rfind('.');
  return name.size() > 1 && name[0] == '.' && dot > 0 && dot + 1 < name.size() &&
         name.find_first_not_of("0123456789", dot + 1) == std::string::npos;
}

fs::path beside(const fs::path& target) {
  return target.parent_path() / ("." + target.filename().string() + "." + std::to_string(::getpid()));
}

}  // namespace

OwnerWrites::OwnerWrites() : before_(::umask(022)) {}
OwnerWrites::~OwnerWrites() { ::umask(before_); }

Result<Draft> Draft::make(const fs::path& target) {
  const auto path = beside(target);
  // Try again: a killed process with the same id may have left a draft, or a sweeper may remove an empty draft before
  // it is locked.
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::error_code error;
    if (const int old = lock_if_free(path); old >= 0) {
      fs::remove_all(path, error);
      ::close(old);
    }
    if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
      return fail_errno(path.string(), "cannot create the directory", errno);
    if (const int lock = lock_if_free(path); lock >= 0) {
      ::chmod(path.c_str(), 0755);
      return Draft(target, path, lock);
    }
  }
  return fail(ErrorKind::busy, path.string(), "is locked by another process");
}

Result<Draft> Draft::take_away(const fs::path& path) {
  const auto away = path.parent_path() / ("." + path.filename().string() + ".deleted." + std::to_string(::getpid()));
  std::error_code error;
  fs::remove_all(away, error);
  // Locked before the rename, so that no sweeper finds it unlocked. If it cannot be locked, a sweeper may remove it,
  // which is what this process would do.
  const int lock = lock_if_free(path);
  if (::rename(path.c_str(), away.c_str()) != 0) {
    const int why = errno;
    if (lock >= 0) ::close(lock);
    return fail_errno(path.string(), "cannot be deleted", why);
  }
  return Draft(path, away, lock);
}

Draft::Draft(Draft&& other) noexcept
    : target_(std::move(other.target_)),
      path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, -1)),
      done_(std::exchange(other.done_, true)) {}

Draft::~Draft() {
  std::error_code error;
  if (!done_) fs::remove_all(path_, error);
  if (lock_ >= 0) ::close(lock_);
}

Result<void> Draft::keep() {
  if (::rename(path_.c_str(), target_.c_str()) != 0) {
    const int why = errno;
    if (why == ENOTEMPTY || why == EEXIST)
      return fail(ErrorKind::exists, target_.string(), "was created by another process meanwhile");
    return fail_errno(target_.string(), "cannot be created by a rename", why);
  }
  done_ = true;
  return {};
}

Result<void> Draft::remove() {
  std::error_code error;
  fs::remove_all(path_, error);
  // For a process inside the node, its directory "space" is a separate mount, which is removed with the node.
  if (error == std::errc::device_or_resource_busy &&
      ::umount2((path_ / "space").c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
    fs::remove_all(path_, error);
  done_ = true;
  if (error) return fail_errno(path_.string(), "cannot be removed", error.value());
  return {};
}

void sweep_drafts(const fs::path& directory) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (!is_draft(entry.path().filename().string())) continue;
    const int lock = lock_if_free(entry.path());
    if (lock < 0) continue;
    std::error_code ignored;
    fs::remove_all(entry.path(), ignored);
    ::close(lock);
  }
}

void sweep_node(const fs::path& node) {
  for (const auto& directory : {node, node / "snapshots", node / "views"}) sweep_drafts(directory);
}

}  // namespace gpuslice::simhost
