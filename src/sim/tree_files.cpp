#include "sim/tree_files.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace gpuslice::sim {
namespace {

namespace fs = std::filesystem;

Result<void> write_file(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) return fail(ErrorKind::io, path.string(), "cannot be written (is the disk full?)");
  return {};
}

}  // namespace

bool may_make_devices(const std::string& directory) {
  constexpr unsigned nobodys = 4000;  // the kernel gives out majors below 512 only
  const auto path = directory + "/.device";
  const bool made = ::mknod(path.c_str(), S_IFCHR | 0600, ::makedev(nobodys, 0)) == 0;
  if (made) ::unlink(path.c_str());
  return made;
}

mode_t directory_mode(mode_t recorded) { return ::geteuid() == 0 ? recorded : recorded | 0200U; }

Result<void> write_trees(const std::string& root, const std::vector<TreeEntry>& entries) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(root, error)))
    return fail(ErrorKind::exists, root, "is there already", "name a directory that is to be made");
  return put_trees(root, entries);
}

Result<void> put_trees(const std::string& root, const std::vector<TreeEntry>& entries) {
  std::error_code error;
  const auto failed = [&](const fs::path& path) { return fail_errno(path.string(), "cannot be made", error.value()); };
  // Modes last, and directories from the inside out: many of them may not be written into afterwards.
  for (const auto& entry : entries) {
    const fs::path path = root + entry.path;
    fs::create_directories(path.parent_path(), error);
    if (error) return failed(path);
    if (entry.kind == TreeEntry::Kind::directory) {
      fs::create_directories(path, error);
    } else if (entry.kind == TreeEntry::Kind::link) {
      fs::create_symlink(entry.content, path, error);
    } else {
      GPUSLICE_CHECK(write_file(path, entry.content));
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
