#include "confine/own_mounts.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "base/descriptor.hpp"

namespace gpuslice::confine {

Result<void> own_mounts() {
  const auto uid = ::geteuid();
  const auto gid = ::getegid();
  const auto refused = [](const char* what, int why) {
    return fail(ErrorKind::permission, what,
                "namespaces are not allowed here: " + std::generic_category().message(why));
  };
  if (::unshare(uid == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0) return refused("unshare", errno);
  if (uid != 0) {
    const auto write_one = [](const char* path, const std::string& text) {
      const int fd = open_file(path, O_WRONLY | O_CLOEXEC);
      if (fd < 0) return false;
      const bool done = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
      ::close(fd);
      return done;
    };
    write_one("/proc/self/setgroups", "deny");
    if (!write_one("/proc/self/uid_map", std::to_string(uid) + " " + std::to_string(uid) + " 1") ||
        !write_one("/proc/self/gid_map", std::to_string(gid) + " " + std::to_string(gid) + " 1"))
      return refused("uid_map", errno);
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return refused("mount", errno);
  return {};
}

}  // namespace gpuslice::confine
