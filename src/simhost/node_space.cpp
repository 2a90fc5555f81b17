#include "simhost/node_space.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <system_error>

#include "base/descriptor.hpp"
#include "confine/mounts.hpp"
#include "confine/own_mounts.hpp"
#include "sim/inner_devices.hpp"
#include "sim/node_dir.hpp"
#include "sim/state_file.hpp"
#include "sim/trees.hpp"
#include "simhost/device_space.hpp"
#include "simhost/draft.hpp"

namespace gpuslice::simhost {
namespace {

using namespace confine;

namespace fs = std::filesystem;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Builder {
 public:
  explicit Builder(const NodeSpace& space)
      : space_(space),
        stage_(space.node + "/space"),
        inner_(stage_ + "/node"),
        tree_(inner_ + space.tree.substr(space.node.size())) {}

  Result<std::vector<std::string>> build() {
    // This is the first step, because it replaces /dev and with it the host's entries there. The steps below need only
    // the new ones.
    const auto devices = GPUSLICE_TRY(build_devices(space_));
    if (!devices.inner()) GPUSLICE_CHECK(mounted(::umount2(stage_.c_str(), MNT_DETACH), stage_));
    GPUSLICE_CHECK(mounted(::mount("gpuslice", stage_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"), stage_));
    GPUSLICE_CHECK(stand_by());
    GPUSLICE_CHECK(driver_files());
    GPUSLICE_CHECK(pci_devices());
    GPUSLICE_CHECK(libraries());
    GPUSLICE_CHECK(programs());
    GPUSLICE_CHECK(cdi_specifications());
    GPUSLICE_CHECK(mounted(::umount2(stage_.c_str(), MNT_DETACH), stage_));
    GPUSLICE_CHECK(devices.finish(space_));
    return std::move(missing_);
  }

 private:
  // Binds the node's directory a second time, in the stage: files shown from there are read-only, and its device files
  // cannot be opened. The driver itself writes to the original directory.
  Result<void> stand_by() const {
    const auto path = inner_;
    if (::mkdir(path.c_str(), 0755) != 0) return fail_errno(path, "cannot create the directory", errno);
    GPUSLICE_CHECK(put_over(space_.node, path));
    return look_only(path);
  }

  struct Added {
    std::string name;
    std::string source;  // path to bind there; with `link`, the target of the link
    bool link{};
  };

  // Replaces `directory` by a tmpfs that contains its entries except the hidden ones, and the added ones.
  Result<void> rebuild(const std::string& directory, const std::function<bool(const std::string&)>& hidden,
                       const std::vector<Added>& added) {
    const auto draft = stage_ + "/" + std::to_string(++drafts_);
    if (::mkdir(draft.c_str(), 0755) != 0) return fail_errno(draft, "cannot create the directory", errno);
    GPUSLICE_CHECK(mounted(::mount("gpuslice", draft.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"), draft));
    const auto is_added = [&](const std::string& name) {
      return std::any_of(added.begin(), added.end(), [&](const Added& one) { return one.name == name; });
    };
    for (const auto& name : names_in(directory))
      if (!hidden(name) && !is_added(name)) GPUSLICE_CHECK(show(directory + "/" + name, draft + "/" + name));
    for (const auto& one : added) {
      if (one.link)
        ::symlink(one.source.c_str(), (draft + "/" + one.name).c_str());
      else
        GPUSLICE_CHECK(show(one.source, draft + "/" + one.name));
    }
    // No program creates files in /proc or /sys.
    if (directory.starts_with("/proc") || directory.starts_with("/sys"))
      GPUSLICE_CHECK(mounted(
          ::mount(nullptr, draft.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, nullptr),
          directory));
    return mounted(::mount(draft.c_str(), directory.c_str(), nullptr, MS_MOVE, nullptr), directory);
  }

  // Mounts a new file with this text over an existing one.
  Result<void> replace_text(const std::string& path, const std::string& text) {
    const auto draft = stage_ + "/" + std::to_string(++drafts_);
    GPUSLICE_CHECK(put_text(draft, text, 0444));
    GPUSLICE_CHECK(put_over(draft, path));
    return mounted(
        ::mount(nullptr, path.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, nullptr),
        path);
  }

  [[nodiscard]] std::vector<Added> from_tree(const std::string& directory) const {
    // A container sees the whole /sys of its host, so this is the node's.
    const auto& root = directory.starts_with("/sys") ? inner_ : tree_;
    std::vector<Added> added;
    for (const auto& name : names_in(root + directory)) added.push_back({name, root + directory + "/" + name});
    return added;
  }

  static bool nvidias(const std::string& name) { return name.starts_with("nvidia"); }

  Result<void> driver_files() {
    const auto state = sim::StateFile::open(space_.node + "/state", sim::Access::read_only);
    if (!state) return std::unexpected(state.error());
    if (exists("/proc/driver"))
      GPUSLICE_CHECK(rebuild("/proc/driver", nvidias, from_tree("/proc/driver")));
    else
      missing_.push_back("/proc/driver, which this kernel does not have");
    if (exists("/proc/devices"))
      GPUSLICE_CHECK(
          replace_text("/proc/devices", sim::devices(text_of("/proc/devices"), sim::majors_of((*state)->config()))));
    if (exists("/proc/modules"))
      GPUSLICE_CHECK(replace_text("/proc/modules", sim::modules(text_of("/proc/modules"))));
    else
      missing_.push_back("/proc/modules, which this kernel does not have");
    return {};
  }

  // The directories of the host's own NVIDIA devices below /sys/devices, and the names of their links.
  struct HostCards {
    std::vector<std::string> names, directories;
    HostCards() {
      const std::string root = "/sys/bus/pci/devices";
      for (const auto& name : names_in(root)) {
        if (text_of(root + "/" + name + "/vendor") != "0x10de\n") continue;
        names.push_back(name);
        std::error_code error;
        directories.push_back(fs::canonical(root + "/" + name, error).string());
      }
    }
  };

  // Adds the node's functions to the host's root bus. A port that both have remains the host's, with everything behind
  // it, and also gets the functions that are behind the node's port.
  Result<void> join_bus(const std::string& directory) {
    const auto none = [](const std::string&) { return false; };
    std::vector<Added> added;
    for (auto& one : from_tree(directory)) {
      const auto both = directory + "/" + one.name;
      if (!exists(one.source + "/secondary_bus_number") || !exists(both)) {
        added.push_back(std::move(one));
        continue;
      }
      auto behind = from_tree(both);
      std::erase_if(behind, [](const Added& entry) { return entry.name.find(':') == std::string::npos; });
      GPUSLICE_CHECK(rebuild(both, none, behind));
    }
    return rebuild(directory, none, added);
  }

  Result<void> pci_devices() {
    const std::string links = "/sys/bus/pci/devices", drivers = "/sys/bus/pci/drivers", modules = "/sys/module";
    if (!exists(links) || !exists(drivers)) {
      missing_.push_back(links + ", which this host does not have");
      return {};
    }
    const HostCards cards;
    for (const auto& directory : cards.directories)
      if (!directory.empty())
        GPUSLICE_CHECK(mounted(::mount("gpuslice", directory.c_str(), "tmpfs", MS_RDONLY, "mode=755"), directory));
    // If the host has the same root bus, the node's devices are added to it; other root buses are added next to the
    // host's.
    std::vector<Added> buses;
    for (auto& bus : from_tree("/sys/devices")) {
      if (!exists("/sys/devices/" + bus.name))
        buses.push_back(bus);
      else
        GPUSLICE_CHECK(join_bus("/sys/devices/" + bus.name));
    }
    GPUSLICE_CHECK(rebuild("/sys/devices", [](const std::string&) { return false; }, buses));
    GPUSLICE_CHECK(rebuild(
        links,
        [&](const std::string& name) {
          return std::find(cards.names.begin(), cards.names.end(), name) != cards.names.end();
        },
        from_tree(links)));
    GPUSLICE_CHECK(rebuild(drivers, nvidias, from_tree(drivers)));
    if (const auto groups = from_tree("/sys/kernel/iommu_groups"); !groups.empty()) {
      const auto none = [](const std::string&) { return false; };
      if (exists("/sys/kernel/iommu_groups"))
        GPUSLICE_CHECK(rebuild("/sys/kernel/iommu_groups", none, groups));
      else
        GPUSLICE_CHECK(rebuild("/sys/kernel", none, from_tree("/sys/kernel")));
    }
    if (exists(modules)) GPUSLICE_CHECK(rebuild(modules, nvidias, from_tree(modules)));
    return {};
  }

  // Shows our library wherever the host has one, and in the loader's cache, so that it is found without
  // LD_LIBRARY_PATH.
  Result<void> libraries() {
    constexpr std::array<const char*, 9> places = {"/usr/lib/x86_64-linux-gnu",
                                                   "/lib/x86_64-linux-gnu",
                                                   "/usr/lib64",
                                                   "/lib64",
                                                   "/usr/lib",
                                                   "/usr/lib/aarch64-linux-gnu",
                                                   "/usr/local/lib",
                                                   "/usr/lib/wsl/lib",
                                                   "/run/opengl-driver/lib"};
    for (const std::string place : places)
      for (const auto& name : names_in(place)) {
        const bool nvml = name.starts_with("libnvidia-ml.so"), cuda = name.starts_with("libcuda.so");
        std::error_code error;
        if ((nvml || cuda) && fs::is_regular_file(fs::symlink_status(place + "/" + name, error)))
          GPUSLICE_CHECK(
              put_over(inner_ + (nvml ? "/lib/libnvidia-ml.so.1" : "/lib/libcuda.so.1"), place + "/" + name));
      }
    if (!exists("/etc/ld.so.cache")) return {};
    const auto cache = loader_cache();
    if (cache.empty()) {
      missing_.push_back("its library in /etc/ld.so.cache: ldconfig did not create one");
      return {};
    }
    return put_over(cache, "/etc/ld.so.cache");
  }

  // The cache is kept in the node and created again if the host's is newer; returns "" if ldconfig fails. A copy is
  // mounted, because the kept file may be replaced while the mount exists.
  [[nodiscard]] std::string loader_cache() const {
    const auto kept = space_.node + "/ld.so.cache", draft = stage_ + "/ld.so.cache";
    struct stat mine{};
    struct stat hosts{};
    const auto time = [](const struct stat& info) { return std::pair(info.st_mtim.tv_sec, info.st_mtim.tv_nsec); };
    std::error_code error;
    if (::stat(kept.c_str(), &mine) == 0 && ::stat("/etc/ld.so.cache", &hosts) == 0 && time(mine) >= time(hosts) &&
        fs::copy_file(kept, draft, error)) {
      // Inside the node, this copy counts as the host's cache.
      const std::array<timespec, 2> times = {mine.st_mtim, mine.st_mtim};
      ::utimensat(AT_FDCWD, draft.c_str(), times.data(), 0);
      return draft;
    }
    const auto conf = stage_ + "/ld.so.conf";
    if (!put_text(conf, space_.node + "/lib\ninclude /etc/ld.so.conf\n", 0644)) return {};
    const auto child = ::fork();
    if (child == 0) {
      // Otherwise, if the client is killed meanwhile, this child would keep its lock.
      ::close_range(3, ~0U, 0);
      for (const char* program : {"/sbin/ldconfig", "/usr/sbin/ldconfig"})
        ::execl(program, "ldconfig", "-X", "-f", conf.c_str(), "-C", draft.c_str(), nullptr);
      ::_exit(127);
    }
    int status = 0;
    while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (child < 0 || status != 0) return {};
    const auto beside = space_.node + "/.ld.so.cache." + std::to_string(::getpid());  // files left behind are swept
    if (fs::copy_file(draft, beside, error)) static_cast<void>(::rename(beside.c_str(), kept.c_str()));
    return draft;
  }

  // Our programs replace the host's; those that the host does not have are added to the first directory that sudo
  // searches.
  Result<void> programs() {
    constexpr std::array<const char*, 5> places = {"/usr/bin", "/usr/sbin", "/bin", "/usr/local/bin",
                                                   "/run/current-system/sw/bin"};
    std::set<std::string> covered;
    for (const auto& name : space_.programs)
      for (const std::string place : places) {
        std::error_code error;
        const auto path = fs::canonical(place + "/" + name, error).string();
        // Several names may be links to one program, which must be covered only once: a mount on top of a mount would
        // turn the node's own file into a mount point.
        if (!error && !path.starts_with(space_.node) && covered.insert(path).second)
          GPUSLICE_CHECK(put_over(inner_ + "/bin/" + name, path));
      }
    const std::string first = "/usr/local/sbin";
    if (!exists(first)) return {};
    std::vector<Added> added;
    for (const auto& name : space_.programs) added.push_back({name, inner_ + "/bin/" + name});
    return rebuild(first, [](const std::string&) { return false; }, added);
  }

  // Container engines look for specifications in /var/run/cdi, which is /run/cdi. The node has its own; those of the
  // host are about the host's devices.
  Result<void> cdi_specifications() {
    if (!exists("/run")) return {};
    if (exists("/run/cdi")) return put_over(space_.node + "/cdi", "/run/cdi");
    return rebuild("/run", [](const std::string&) { return false; }, {{"cdi", space_.node + "/cdi"}});
  }

  const NodeSpace& space_;
  std::string stage_;  // a tmpfs, unmounted at the end
  std::string inner_;  // the node's directory, bound in the stage
  std::string tree_;
  unsigned drafts_{};
  std::vector<std::string> missing_;
};

// True if this process is already inside the whole node.
bool already_inside(const NodeSpace& space) {
  return space.tree == space.node && sim::node_around() == space.node &&
         sim::identity_around() == sim::node_identity(space.node) && exists("/dev/nvidia-caps/nvidia-cap2");
}

// A process of this user inside the whole node. The descriptors refer to its namespaces even if its pid is reused.
struct Inmate {
  int process{-1}, user{-1}, mounts{-1};
  Inmate() = default;
  Inmate(const Inmate&) = delete;
  Inmate& operator=(const Inmate&) = delete;
  ~Inmate() {
    for (const int fd : {process, user, mounts})
      if (fd >= 0) ::close(fd);
  }

  bool find(const std::string& pid, const NodeSpace& space) {
    process = open_file(("/proc/" + pid).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct stat info{};
    if (process < 0 || ::fstat(process, &info) != 0 || info.st_uid != ::geteuid()) return false;
    const auto leads = [&](const char* mark) {
      std::array<char, 4096> text{};
      const auto length = ::readlinkat(process, (std::string("root") + mark).c_str(), text.data(), text.size());
      return std::string(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    };
    // It must be inside this very node, not inside a deleted node of the same name. The node must be complete, which
    // the identity shows (BuiltDevices::finish), and it must be the whole node: a container's view has no monitor
    // device.
    if (leads(sim::inside_mark) != space.node || leads(sim::inside_identity) != sim::node_identity(space.node) ||
        ::faccessat(process, "root/dev/nvidia-caps/nvidia-cap2", F_OK, AT_SYMLINK_NOFOLLOW) != 0)
      return false;
    user = ::openat(process, "ns/user", O_RDONLY | O_CLOEXEC);
    mounts = ::openat(process, "ns/mnt", O_RDONLY | O_CLOEXEC);
    return user >= 0 && mounts >= 0;
  }
};

// All processes inside a node see the same files and may read each other's /proc/PID/fd, which would not work across
// two user namespaces. So a process that enters the whole node joins the processes inside, if there are any. Root joins
// only namespaces that root created: in another user's namespace, that user controls the content of the files.
bool join_another(const NodeSpace& space) {
  if (space.tree != space.node) return false;
  if (::geteuid() == 0 && ::access((space.node + "/.entered").c_str(), F_OK) == 0) sim::note_entered(space.node);
  struct stat ours{};
  if (::stat("/proc/self/ns/user", &ours) != 0) return false;
  for (const auto& name : names_in("/proc")) {
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    Inmate other;
    if (!other.find(name, space)) continue;
    struct stat theirs{};
    const bool same = ::fstat(other.user, &theirs) == 0 && theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
    if (!same && ::geteuid() == 0) continue;
    std::error_code error;
    const auto here = fs::current_path(error).string();
    if ((!same && ::setns(other.user, CLONE_NEWUSER) != 0) || ::setns(other.mounts, CLONE_NEWNS) != 0) continue;
    if (!here.empty() && ::chdir(here.c_str()) != 0) static_cast<void>(::chdir("/"));
    return true;
  }
  return false;
}

// Dropped permanently: the command must not be able to create a device of the host, or stop the host.
Result<void> drop_capabilities() {
  for (const auto& [number, name] : {std::pair{CAP_MKNOD, "CAP_MKNOD"}, std::pair{CAP_SYS_BOOT, "CAP_SYS_BOOT"}})
    if (::prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0 && ::geteuid() == 0)
      return fail_errno(name, "cannot be dropped", errno);
  return {};
}

}  // namespace

Result<std::vector<std::string>> enter_space(const NodeSpace& space) {
  const OwnerWrites modes;
  std::vector<std::string> missing;
  if (!already_inside(space) && !join_another(space)) {
    GPUSLICE_CHECK(own_mounts());
    auto built = Builder(space).build();
    if (!built) {
      built.error().kind = ErrorKind::io;
      return built;
    }
    missing = *std::move(built);
  }
  GPUSLICE_CHECK(drop_capabilities());
  return missing;
}

}  // namespace gpuslice::simhost
