#include "simhost/device_space.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "base/descriptor.hpp"
#include "confine/mounts.hpp"
#include "sim/inner_devices.hpp"
#include "sim/node_dir.hpp"
#include "sim/state_file.hpp"
#include "sim/tree_files.hpp"
#include "sim/trees.hpp"

namespace gpuslice::simhost {
namespace {

using namespace confine;

using sim::TreeEntry;

constexpr std::array of_host_files = {"null", "zero", "full", "random", "urandom", "tty", "console"};
constexpr std::array of_host_directories = {"shm", "mqueue"};
constexpr std::array<std::pair<const char*, const char*>, 4> links = {{{"fd", "/proc/self/fd"},
                                                                       {"stdin", "/proc/self/fd/0"},
                                                                       {"stdout", "/proc/self/fd/1"},
                                                                       {"stderr", "/proc/self/fd/2"}}};

bool host_uses_a_major(const sim::NodeConfig& node) {
  std::ifstream file("/proc/devices", std::ios::binary);
  const auto majors = sim::majors_of(node);
  const auto host = sim::registered_majors({std::istreambuf_iterator<char>(file), {}});
  return std::any_of(host.begin(), host.end(), [&](std::uint32_t major) {
    return major == majors.nvidia || major == majors.uvm || major == majors.caps || major == majors.nvswitch;
  });
}

// An entry of the host's /dev, opened before /dev is covered, with its name inside the node.
struct Kept {
  int fd;
  std::string name;
};

class Devices {
 public:
  explicit Devices(const NodeSpace& space) : space_(space), root_(space.node + "/space"), dev_(root_ + "/dev") {}
  Devices(const Devices&) = delete;
  Devices& operator=(const Devices&) = delete;
  ~Devices() {
    for (const auto& one : kept_) ::close(one.fd);
  }

  Result<BuiltDevices> build() {
    const auto state = GPUSLICE_TRY(sim::StateFile::open(space_.node + "/state", sim::Access::read_only));
    const auto& config = state->config();
    const bool whole = space_.tree == space_.node;
    GPUSLICE_CHECK(
        mounted(::mount("gpuslice", root_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=755"), root_));
    GPUSLICE_CHECK(directory(dev_, 0755));
    const bool devices = ::geteuid() == 0 && !host_uses_a_major(config) && sim::may_make_devices(root_);
    const bool pool = devices && whole && sim::InnerDevices(root_).make_pool(config);
    GPUSLICE_CHECK(nvidias(sim::trees(config, state->read(), sim::host_processors()), devices));
    if (pool) sim::note_entered(space_.node);
    GPUSLICE_CHECK(rest());
    const std::string live = "nvidia-caps";
    if (whole && !pool) keep(space_.node + "/dev/" + live, live);
    const int directory_fd = open_file(dev_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory_fd < 0) return fail_errno(dev_, "cannot be opened", errno);
    BuiltDevices built(pool, directory_fd);
    GPUSLICE_CHECK(put_over(dev_, "/dev"));
    GPUSLICE_CHECK(look_only("/dev"));
    for (const auto& one : kept_)
      GPUSLICE_CHECK(put_over("/proc/self/fd/" + std::to_string(one.fd), "/dev/" + one.name));
    if (own_terminals_)
      GPUSLICE_CHECK(mounted(
          ::mount("gpuslice", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620"),
          "/dev/pts"));
    if (whole && !pool) GPUSLICE_CHECK(look_only("/dev/" + live));
    return built;
  }

 private:
  static Result<void> directory(const std::string& path, mode_t mode) {
    if ((::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) || ::chmod(path.c_str(), mode) != 0)
      return fail_errno(path, "cannot create the directory", errno);
    return {};
  }

  // Creates the NVIDIA devices of the node, or of a container's view of it: those listed in its tree.
  Result<void> nvidias(const std::vector<TreeEntry>& entries, bool devices) {
    for (const auto& entry : entries) {
      if (!entry.path.starts_with("/dev/") || !exists(space_.tree + entry.path)) continue;
      const auto path = root_ + entry.path;
      if (entry.kind == TreeEntry::Kind::directory) {
        GPUSLICE_CHECK(directory(path, entry.mode | 0200U));
        continue;
      }
      if (entry.kind != TreeEntry::Kind::character_device) continue;
      if (devices) {
        // The device of an existing instance is taken from the pool.
        const auto kept = root_ + "/pool" + entry.path.substr(entry.path.rfind('/'));
        if (::rename(kept.c_str(), path.c_str()) == 0) continue;
        if (::mknod(path.c_str(), S_IFCHR | 0600, ::makedev(entry.major, entry.minor)) != 0)
          return fail_errno(path, "cannot create the device", errno);
      } else {
        GPUSLICE_CHECK(put_text(path, "", 0600));
      }
      if (::chmod(path.c_str(), entry.mode) != 0) return fail_errno(path, "cannot set its mode", errno);
    }
    return {};
  }

  // Keeps a device open, to be bound once /dev is covered; does nothing if the host does not have it.
  void keep(const std::string& source, const std::string& name) {
    const int fd = open_file(source.c_str(), O_PATH | O_CLOEXEC);
    if (fd >= 0) kept_.push_back({fd, name});
  }

  Result<void> rest() {
    for (const auto* name : of_host_files) {
      const std::string source = std::string("/dev/") + name;
      struct stat info{};
      if (::stat(source.c_str(), &info) != 0 || !S_ISCHR(info.st_mode)) continue;
      GPUSLICE_CHECK(put_text(dev_ + "/" + name, "", 0644));
      keep(source, name);
    }
    for (const auto* name : of_host_directories) {
      const std::string source = std::string("/dev/") + name;
      struct stat info{};
      if (::stat(source.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) continue;
      GPUSLICE_CHECK(directory(dev_ + "/" + name, 0755));
      keep(source, name);
    }
    for (const auto& [name, target] : links) link(target, name);
    link(space_.node, sim::inside_mark + sizeof "/dev/" - 1);
    // /dev/ptmx, the multiplexer of pseudo-terminals, looks for the pts directory next to itself. If this user may not
    // use the host's pts/ptmx, the node has its own pseudo-terminals.
    const std::string terminals = "/dev/pts";
    if (!exists(terminals)) return {};
    link("pts/ptmx", "ptmx");
    GPUSLICE_CHECK(directory(dev_ + "/pts", 0755));
    own_terminals_ = ::access((terminals + "/ptmx").c_str(), R_OK | W_OK) != 0;
    if (!own_terminals_) keep(terminals, "pts");
    return {};
  }

  void link(const std::string& target, const std::string& name) const {
    static_cast<void>(::symlink(target.c_str(), (dev_ + "/" + name).c_str()));
  }

  const NodeSpace& space_;
  std::string root_, dev_;
  std::vector<Kept> kept_;
  bool own_terminals_{};
};

}  // namespace

BuiltDevices::~BuiltDevices() {
  if (directory_ >= 0) ::close(directory_);
}

Result<void> BuiltDevices::finish(const NodeSpace& space) const {
  const auto* const name = sim::inside_identity + sizeof "/dev/" - 1;
  if (::symlinkat(sim::node_identity(space.node).c_str(), directory_, name) != 0)
    return fail_errno(sim::inside_identity, "cannot be created", errno);
  return {};
}

Result<BuiltDevices> build_devices(const NodeSpace& space) { return Devices(space).build(); }

}  // namespace gpuslice::simhost
