#include "sim/tree_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/write.hpp"

namespace gpuslice::sim {
namespace {

namespace fs = std::filesystem;

}  // namespace

Result<void> write_file(const std::string& path, const std::string& text) {
  const int fd = open_file(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0) return fail_errno(path, "cannot be created", errno);
  int why = write_all(fd, text);
  if (::close(fd) != 0 && why == 0) why = errno;
  if (why != 0) return fail_errno(path, "cannot be written", why);
  return {};
}

std::uint32_t host_processors() {
  const auto count = ::sysconf(_SC_NPROCESSORS_CONF);
  return count > 0 ? static_cast<std::uint32_t>(count) : 1;
}

bool may_make_devices(const std::string& directory) {
  constexpr unsigned nobodys = 4000;  // the kernel only assigns majors below 512
  const auto path = directory + "/.device";
  const bool made = ::mknod(path.c_str(), S_IFCHR | 0600, ::makedev(nobodys, 0)) == 0;
  if (made) ::unlink(path.c_str());
  return made;
}

mode_t directory_mode(mode_t recorded) { return ::geteuid() == 0 ? recorded : recorded | 0200U; }

Result<void> write_trees(const std::string& root, const std::vector<TreeEntry>& entries) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(root, error)))
    return fail(ErrorKind::exists, root, "already exists", "name a directory that does not exist yet");
  return put_trees(root, entries);
}

Result<void> put_trees(const std::string& root, const std::vector<TreeEntry>& entries) {
  std::error_code error;
  const auto failed = [&](const fs::path& path) {
    return fail_errno(path.string(), "cannot be created", error.value());
  };
  // Modes are set last, from the innermost directory outwards, because many directories are read-only afterwards.
  for (const auto& entry : entries) {
    const fs::path path = root + entry.path;
    fs::create_directories(path.parent_path(), error);
    if (error) return failed(path);
    if (entry.kind == TreeEntry::Kind::directory) {
      fs::create_directories(path, error);
    } else if (entry.kind == TreeEntry::Kind::link) {
      fs::create_symlink(entry.content, path, error);
    } else {
      GPUSLICE_CHECK(write_file(path.string(), entry.content));
    }
    if (error) return failed(path);
  }
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->kind == TreeEntry::Kind::link) continue;
    const bool directory = entry->kind == TreeEntry::Kind::directory;
    const auto mode = directory ? directory_mode(entry->mode) : entry->mode;
    fs::permissions(root + entry->path, static_cast<fs::perms>(mode), error);
    if (error) return failed(root + entry->path);
  }
  return {};
}

}  // namespace gpuslice::sim
