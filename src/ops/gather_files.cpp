#include "ops/gather_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <expected>
#include <filesystem>
#include <set>

#include "base/descriptor.hpp"
#include "base/number.hpp"
#include "ops/gather_text.hpp"

namespace gpuslice::ops {
namespace {

namespace fs = std::filesystem;
using doctor::Fact;
using doctor::Missing;

constexpr std::size_t most_bytes = std::size_t{16} << 20U;  // of one file

std::unexpected<Missing> missing(Missing::Kind kind, std::string why) {
  return std::unexpected(Missing{kind, std::move(why)});
}

// What a file that cannot be read means: another user may read it, or it is broken.
std::unexpected<Missing> refused(const std::string& path, int error) {
  const bool forbidden = error == EACCES || error == EPERM;
  return missing(forbidden ? Missing::Kind::skipped : Missing::Kind::unreadable,
                 fmt::format("{}: {}{}", path, std::strerror(error),  // NOLINT(concurrency-mt-unsafe)
                             forbidden && ::geteuid() != 0 ? "; run as root" : ""));
}

// All of a file, or errno. A device such as /dev/kmsg is read as far as it has something now.
std::expected<std::string, int> text_of(const std::string& path) {
  const int fd = open_file(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return std::unexpected(errno);
  std::string text;
  std::array<char, 16384> room{};
  int error = 0;
  while (text.size() < most_bytes) {
    const auto got = ::read(fd, room.data(), room.size());
    if (got > 0) {
      text.append(room.data(), static_cast<std::size_t>(got));
      continue;
    }
    // EPIPE: the kernel has overwritten the record that was next (dev-kmsg).
    if (got < 0 && (errno == EINTR || errno == EPIPE)) continue;
    if (got < 0 && errno != EAGAIN) error = errno;
    break;
  }
  ::close(fd);
  if (error != 0) return std::unexpected(error);
  return text;
}
std::string text_or_nothing(const std::string& path) { return text_of(path).value_or(std::string{}); }

// Names in a folder, sorted; none of one that does not exist.
std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    names.push_back(at->path().filename().string());
  std::ranges::sort(names);
  return names;
}
bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

bool in_container(const std::string& root) {
  return exists(root + "/.dockerenv") || exists(root + "/run/.containerenv") ||
         exists(root + "/var/run/secrets/kubernetes.io");
}

doctor::Versions read_versions(const HostFiles& files) {
  doctor::Versions seen;
  seen.kernel = version_in(text_or_nothing(files.root + "/proc/driver/nvidia/version"));
  seen.module = first_line(text_or_nothing(files.root + "/sys/module/nvidia/version"));
  seen.uvm = first_line(text_or_nothing(files.root + "/sys/module/nvidia_uvm/version"));
  seen.nouveau = exists(files.root + "/sys/module/nouveau");
  std::set<std::string> installed;
  for (const auto* folder : {"/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib/aarch64-linux-gnu"})
    for (const auto& name : names_in(files.system + folder))
      if (name.starts_with("libnvidia-ml.so."))
        if (auto version = library_version(name); !version.empty()) installed.insert(std::move(version));
  seen.installed.assign(installed.begin(), installed.end());
  return seen;
}

Fact<doctor::KernelLog> read_kernel_log(const HostFiles& files) {
  const auto text = text_of(files.kernel_log);
  if (text) return kernel_log_of(*text);
  if (text.error() == ENOENT) {
    // A simulated node has the file once there is something in it.
    if (files.simulated) return doctor::KernelLog{};
    return missing(Missing::Kind::skipped, files.kernel_log + " does not exist, as in most containers");
  }
  return refused(files.kernel_log, text.error());
}

namespace {

doctor::DeviceFile device_file(const HostFiles& files, const std::string& path, int access) {
  doctor::DeviceFile file;
  file.path = path;
  struct stat info{};
  if (::stat((files.root + path).c_str(), &info) != 0) {
    file.exists = errno != ENOENT && errno != ENOTDIR;
    return file;
  }
  file.exists = true;
  file.mode = info.st_mode & 07777U;
  file.openable = ::faccessat(AT_FDCWD, (files.root + path).c_str(), access, AT_EACCESS) == 0;
  if (S_ISCHR(info.st_mode)) {
    file.major = major(info.st_rdev);
    file.minor = minor(info.st_rdev);
  }
  return file;
}

void add_capability(doctor::Devices& devices, const std::string& folder, const std::string& name,
                    const std::string& file) {
  if (const auto minor = capability_minor(text_or_nothing(folder + "/" + file)))
    devices.capabilities.push_back({name, *minor});
}

}  // namespace

doctor::Devices read_devices(const HostFiles& files, const std::vector<std::uint32_t>& gpus) {
  doctor::Devices devices;
  std::vector<std::string> wanted = {"/dev/nvidiactl", "/dev/nvidia-uvm"};
  for (const auto minor : gpus) wanted.push_back(fmt::format("/dev/nvidia{}", minor));
  for (const auto& path : wanted) devices.files.push_back(device_file(files, path, R_OK | W_OK));
  const std::string caps = "/dev/nvidia-caps";
  for (const auto& name : names_in(files.root + caps))
    if (name.starts_with("nvidia-cap")) devices.capability_files.push_back(device_file(files, caps + "/" + name, R_OK));
  const auto root = files.root + "/proc/driver/nvidia/capabilities";
  for (const auto* name : {"mig/config", "mig/monitor"}) add_capability(devices, root, name, name);
  for (const auto& gpu : names_in(root)) {
    if (!gpu.starts_with("gpu")) continue;
    for (const auto& gi : names_in(root + "/" + gpu + "/mig")) {
      const auto outer = gpu + "/mig/" + gi;
      add_capability(devices, root, outer, outer + "/access");
      for (const auto& ci : names_in(root + "/" + outer))
        if (ci.starts_with("ci")) add_capability(devices, root, outer + "/" + ci, outer + "/" + ci + "/access");
    }
  }
  struct stat program{};
  devices.modprobe =
      ::stat((files.system + "/usr/bin/nvidia-modprobe").c_str(), &program) == 0 && (program.st_mode & S_ISUID) != 0;
  if (!files.simulated || files.root.empty())
    devices.capability_major = major_in(text_or_nothing(files.root + "/proc/devices"), "nvidia-caps");
  return devices;
}

Fact<std::vector<doctor::CdiSpec>> read_cdi(const HostFiles& files) {
  std::vector<doctor::CdiSpec> specs;
  for (const std::string folder : {"/etc/cdi", "/var/run/cdi"})
    for (const auto& name : names_in(files.system + folder)) {
      if (!name.ends_with(".yaml") && !name.ends_with(".yml") && !name.ends_with(".json")) continue;
      const auto path = folder + "/" + name;
      const auto text = text_of(files.system + path);
      if (!text) return refused(path, text.error());
      if (auto spec = cdi_spec_of(path, *text)) specs.push_back(*std::move(spec));
    }
  return specs;
}

Fact<std::vector<doctor::BootUnit>> read_boot_units(const HostFiles& files) {
  std::vector<doctor::BootUnit> units;
  if (!files.boot.empty())
    for (const auto& name : names_in(files.boot))
      if (::access((files.boot + "/" + name).c_str(), X_OK) == 0) units.push_back({"boot.d/" + name});
  const std::string own = "/etc/systemd/system";
  const std::array<std::string, 3> all = {own, "/usr/lib/systemd/system", "/lib/systemd/system"};
  const auto there = std::ranges::any_of(all, [&](const std::string& folder) { return exists(files.system + folder); });
  if (files.container || (!there && !files.simulated))
    return missing(Missing::Kind::skipped, files.container ? "the units of the host are not visible in a container"
                                                           : "there are no systemd units here");
  std::set<std::string> enabled;
  for (const auto& folder : names_in(files.system + own))
    if (folder.ends_with(".wants") || folder.ends_with(".requires"))
      for (const auto& name : names_in(files.system + own + "/" + folder)) enabled.insert(name);
  for (const auto& name : enabled) {
    std::string text;
    for (const auto& folder : all)
      if (text.empty()) text = text_or_nothing(files.system + folder + "/" + name);
    if (sets_mig(text)) units.push_back({name});
  }
  return units;
}

Fact<std::optional<doctor::MpsDirectory>> read_mps(const HostFiles& files) {
  doctor::MpsDirectory mps;
  mps.path = files.mps;
  const auto folder = files.system + files.mps;
  if (!exists(folder)) return std::nullopt;
  mps.control = exists(folder + "/control");
  const auto pid = text_of(folder + "/nvidia-cuda-mps-control.pid");
  if (!pid && pid.error() != ENOENT) return refused(files.mps + "/nvidia-cuda-mps-control.pid", pid.error());
  if (pid) mps.pid = parse_number<std::uint32_t>(first_line(*pid));
  if (files.container && mps.control)
    return missing(Missing::Kind::skipped, "whether the MPS control daemon runs is not visible in a container");
  // The kernel cuts names at 15 characters: "nvidia-cuda-mps".
  mps.alive =
      mps.pid && text_or_nothing(fmt::format("{}/{}/comm", files.processes, *mps.pid)).starts_with("nvidia-cuda-mps");
  return mps;
}

Fact<std::optional<doctor::VgpuHost>> read_vgpu_host(const HostFiles& files, const std::vector<std::string>& gpus) {
  if (!exists(files.root + "/sys/module/nvidia_vgpu_vfio")) return std::nullopt;
  doctor::VgpuHost host;
  host.iommu = !names_in(files.root + "/sys/kernel/iommu_groups").empty();
  for (const auto& pci : gpus) {
    const auto folder = files.root + "/sys/bus/pci/devices/" + pci;
    const auto number = [&](const char* name) {
      return parse_number<std::uint32_t>(first_line(text_or_nothing(folder + "/" + name))).value_or(0);
    };
    host.gpus.push_back({pci, number("sriov_totalvfs"), number("sriov_numvfs")});
  }
  return host;
}

Fact<std::optional<std::vector<std::string>>> read_kubelet(const HostFiles& files) {
  const std::string path = "/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint";
  const auto text = text_of(files.system + path);
  if (!text) {
    if (text.error() == ENOENT || text.error() == ENOTDIR) return std::nullopt;
    return refused(path, text.error());
  }
  auto devices = kubelet_devices(*text);
  if (!devices) return missing(Missing::Kind::unreadable, path + ": is not a checkpoint of kubelet");
  return devices;
}

}  // namespace gpuslice::ops
