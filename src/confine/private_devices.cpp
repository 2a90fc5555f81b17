#include "confine/private_devices.hpp"

#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <linux/capability.h>

#include <algorithm>
#include <cerrno>

#include "confine/mounts.hpp"

namespace gpuslice::confine {
namespace {

// Temporary mount point for the tmpfs in which the new /dev is built; moving that tmpfs to /dev makes the original
// contents visible again. /tmp, because every host has it.
const std::string stage = "/tmp";

bool is_directory(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

Result<void> show_given(const std::string& dev, const std::string& name, const std::vector<std::string>& given) {
  const auto source = dev + "/" + name, target = stage + "/" + name;
  const auto is_given = [&](const std::string& path) { return std::ranges::find(given, path) != given.end(); };
  if (!is_directory(source)) return is_given(source) ? show(source, target) : Result<void>{};
  if (::mkdir(target.c_str(), 0755) != 0) return fail_errno(target, "cannot create the directory", errno);
  for (const auto& inner : names_in(source))
    if (is_given(source + "/" + inner)) GPUSLICE_CHECK(show(source + "/" + inner, target + "/" + inner));
  return {};
}

}  // namespace

Result<void> hide_other_devices(const std::string& dev, const std::vector<std::string>& given) {
  if (dev == stage || dev.starts_with(stage + "/")) return fail(ErrorKind::io, dev, "cannot be rebuilt below " + stage);
  GPUSLICE_CHECK(mounted(::mount("gpuslice", stage.c_str(), "tmpfs", MS_NOSUID, "mode=755"), stage));
  for (const auto& name : names_in(dev)) {
    if (name.starts_with("nvidia"))
      GPUSLICE_CHECK(show_given(dev, name, given));
    else
      GPUSLICE_CHECK(show(dev + "/" + name, stage + "/" + name));
  }
  GPUSLICE_CHECK(mounted(::mount(stage.c_str(), dev.c_str(), nullptr, MS_MOVE, nullptr), dev));
  // Else root could create the devices that were hidden. Users other than root never could.
  ::prctl(PR_CAPBSET_DROP, CAP_MKNOD, 0, 0, 0);
  return {};
}

}  // namespace gpuslice::confine
