#include "sim/inner_devices.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "base/descriptor.hpp"
#include "base/number.hpp"
#include "catalog/product.hpp"
#include "sim/driver.hpp"
#include "sim/node_dir.hpp"
#include "sim/trees.hpp"

namespace gpuslice::sim {
namespace {

namespace fs = std::filesystem;

constexpr mode_t instance_mode = 0444;
constexpr std::string_view prefix = "nvidia-cap";
constexpr unsigned first_instance_minor = cap_minor_monitor + 1;

std::string entered_mark(const std::string& node) { return node + "/.entered"; }

bool has_mig(const GpuConfig& gpu) {
  const auto product = catalog::find(gpu.product.view());
  return product && (*product)->capability.mode.supported;
}

}  // namespace

std::string InnerDevices::shown(unsigned minor) const {
  return space_ + "/dev/nvidia-caps/" + std::string(prefix) + std::to_string(minor);
}
std::string InnerDevices::kept(unsigned minor) const {
  return space_ + "/pool/" + std::string(prefix) + std::to_string(minor);
}

bool InnerDevices::make_pool(const NodeConfig& node) const {
  if (::mkdir((space_ + "/pool").c_str(), 0755) != 0) return false;
  const auto major = majors_of(node).caps;
  for (std::uint32_t i = 0; i < node.gpu_count && i < max_gpus; ++i) {
    if (!has_mig(node.gpus[i])) continue;
    const auto first = cap_minor(node.gpus[i].minor, mig::GiId{0}),
               end = cap_minor(node.gpus[i].minor + 1, mig::GiId{0});
    for (auto minor = first; minor < end; ++minor)
      if (::mknod(kept(minor).c_str(), S_IFCHR | instance_mode, ::makedev(major, minor)) != 0) return false;
  }
  return true;
}

void InnerDevices::show(unsigned minor) const {
  static_cast<void>(std::rename(kept(minor).c_str(), shown(minor).c_str()));
}
void InnerDevices::hide(unsigned minor) const {
  static_cast<void>(std::rename(shown(minor).c_str(), kept(minor).c_str()));
}

void InnerDevices::settle(const std::set<unsigned>& minors) const {
  std::vector<unsigned> gone;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(space_ + "/dev/nvidia-caps", error)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const auto minor = parse_number<unsigned>(name.substr(prefix.size()));
    if (minor && *minor >= first_instance_minor && !minors.contains(*minor)) gone.push_back(*minor);
  }
  for (const auto minor : gone) hide(minor);
  for (const auto minor : minors) show(minor);
}

void note_entered(const std::string& node) {
  const auto mark = entered_mark(node);
  for (;;) {
    const int fd = open_file(mark.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0) return;
    struct stat mine{};
    struct stat named{};
    // Deliberately kept open until this process executes another program: from then on the process is found inside the
    // node.
    if (::flock(fd, LOCK_SH) == 0 && ::fstat(fd, &mine) == 0 && ::lstat(mark.c_str(), &named) == 0 &&
        mine.st_ino == named.st_ino && mine.st_dev == named.st_dev)
      return;
    ::close(fd);  // another process has removed the mark meanwhile
  }
}

namespace {

// Records that no process is inside the node or entering it: changes need not look for namespaces until the node is
// entered again.
void note_left(const std::string& node) {
  const int fd = open_file(entered_mark(node).c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return;
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) ::unlink(entered_mark(node).c_str());
  ::close(fd);
}

}  // namespace

std::vector<InnerDevices> inner_devices(const std::string& node) {
  std::vector<InnerDevices> found;
  if (::access(entered_mark(node).c_str(), F_OK) != 0) return found;
  std::vector<dev_t> known;
  const auto take = [&](const std::string& space) {
    struct stat info{};
    if (::stat((space + "/pool").c_str(), &info) != 0 ||
        std::find(known.begin(), known.end(), info.st_dev) != known.end())
      return;
    known.push_back(info.st_dev);
    found.emplace_back(space);
  };
  take(node + "/space");
  std::error_code error;
  for (const auto& process : fs::directory_iterator("/proc", error)) {
    const auto pid = process.path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto root = "/proc/" + pid + "/root";
    char leads[4096];
    const auto length = ::readlink((root + inside_mark).c_str(), leads, sizeof leads);
    if (length > 0 && std::string_view(leads, static_cast<std::size_t>(length)) == node) take(root + node + "/space");
  }
  if (found.empty()) note_left(node);
  return found;
}

}  // namespace gpuslice::sim
