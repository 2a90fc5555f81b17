#include "sim/live_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/number.hpp"
#include "base/write.hpp"
#include "catalog/product.hpp"
#include "sim/driver.hpp"
#include "sim/inner_devices.hpp"
#include "sim/tree_files.hpp"
#include "sim/trees.hpp"

namespace gpuslice::sim {
namespace {

namespace fs = std::filesystem;

// An instance's capability: a directory in /proc and a device.
struct Capability {
  mig::GiId gi;
  std::optional<mig::CiId> ci;
  friend bool operator==(const Capability&, const Capability&) = default;
};

// Lists GPU instances before their compute instances.
std::vector<Capability> capabilities(const mig::Partition& partition) {
  std::vector<Capability> all;
  for (const auto& gi : partition.instances) {
    all.push_back({gi.id, std::nullopt});
    for (const auto& ci : gi.compute) all.push_back({gi.id, ci.id});
  }
  return all;
}
std::vector<Capability> missing(const mig::Partition& from, const mig::Partition& in) {
  const auto has = capabilities(in);
  auto wanted = capabilities(from);
  std::erase_if(wanted, [&](const Capability& one) { return std::find(has.begin(), has.end(), one) != has.end(); });
  return wanted;
}

constexpr mode_t instance_mode = 0444;

class Files {
 public:
  Files(const std::string& directory, std::uint32_t gpu_minor) : directory_(directory), minor_(gpu_minor) {}

  Result<void> come(const Capability& one) const {
    GPUSLICE_CHECK(
        move_in(kept_device(one), device(one), [&](const std::string& path) { return make_file(path, ""); }));
    return move_in(kept(one), shown(one), [&](const std::string& path) { return make_access(path, cap(one)); });
  }
  void go(const Capability& one) const {
    move_out(shown(one), kept(one));
    move_out(device(one), kept_device(one));
  }

  // Removes every capability of the GPU that exists and is not in `wanted`.
  void go_unless(const std::vector<Capability>& wanted) const {
    for (const auto& one : standing()) {
      if (std::find(wanted.begin(), wanted.end(), one) == wanted.end()) go(one);
    }
  }

  [[nodiscard]] unsigned cap(const Capability& one) const {
    return one.ci ? cap_minor(minor_, one.gi, *one.ci) : cap_minor(minor_, one.gi);
  }
  [[nodiscard]] std::string kept_device(const Capability& one) const {
    return directory_ + "/pool/nvidia-cap" + std::to_string(cap(one));
  }

 private:
  [[nodiscard]] std::string root() const {
    return directory_ + "/proc/driver/nvidia/capabilities/gpu" + std::to_string(minor_) + "/mig";
  }
  [[nodiscard]] std::string shown(const Capability& one) const {
    auto path = root() + "/gi" + std::to_string(one.gi.value);
    if (one.ci) path += "/ci" + std::to_string(one.ci->value);
    return path;
  }
  [[nodiscard]] std::string kept(const Capability& one) const {
    return directory_ + "/pool/access" + std::to_string(cap(one));
  }
  [[nodiscard]] std::string device(const Capability& one) const {
    return directory_ + "/dev/nvidia-caps/nvidia-cap" + std::to_string(cap(one));
  }

  static Result<void> make_file(const std::string& path, const std::string& text) {
    const int fd = open_file(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) return fail_errno(path, "cannot create the file", errno);
    int why = write_all(fd, text);
    if (::fchmod(fd, instance_mode) != 0 && why == 0) why = errno;
    if (::close(fd) != 0 && why == 0) why = errno;
    if (why != 0) return fail_errno(path, "cannot write the file", why);
    return {};
  }
  static Result<void> make_access(const std::string& path, unsigned minor) {
    if (::mkdir(path.c_str(), directory_mode(0555)) != 0 && errno != EEXIST)
      return fail_errno(path, "cannot create the directory", errno);
    return make_file(path + "/access", capability_text(minor, instance_mode));
  }

  template <class Make>
  static Result<void> move_in(const std::string& from, const std::string& to, Make make) {
    if (::rename(from.c_str(), to.c_str()) == 0) return {};
    if (::access(to.c_str(), F_OK) == 0) return {};
    const auto draft = from + ".new";
    GPUSLICE_CHECK(make(draft));
    if (::rename(draft.c_str(), to.c_str()) != 0) return fail_errno(to, "cannot be created by a rename", errno);
    return {};
  }
  static void move_out(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) == 0 || errno == ENOENT) return;
    std::error_code error;
    fs::remove_all(from, error);
  }

  // Compute instances first: removing a directory removes what is in it.
  [[nodiscard]] std::vector<Capability> standing() const {
    std::set<std::pair<std::uint32_t, std::int64_t>, std::greater<>> found;
    const auto number = [](const fs::path& path, std::string_view prefix) -> std::optional<std::uint32_t> {
      const auto name = path.filename().string();
      if (!name.starts_with(prefix)) return std::nullopt;
      return parse_number<std::uint32_t>(name.substr(prefix.size()));
    };
    std::error_code error;
    for (const auto& gi : fs::directory_iterator(root(), error)) {
      const auto id = number(gi.path(), "gi");
      if (!id) continue;
      found.emplace(*id, -1);
      for (const auto& ci : fs::directory_iterator(gi.path(), error))
        if (const auto inner = number(ci.path(), "ci")) found.emplace(*id, *inner);
    }
    for (const auto& entry : fs::directory_iterator(directory_ + "/dev/nvidia-caps", error)) {
      const auto minor = number(entry.path(), "nvidia-cap");
      const auto first = cap_minor(minor_, mig::GiId{0});
      if (!minor || *minor < first || *minor >= cap_minor(minor_ + 1, mig::GiId{0})) continue;
      constexpr auto per_gi = mig::max_compute_instances + 1;
      found.emplace((*minor - first) / per_gi, static_cast<std::int64_t>((*minor - first) % per_gi) - 1);
    }
    std::vector<Capability> all;
    for (const auto& [gi, ci] : found) {
      Capability one{mig::GiId{gi}, std::nullopt};
      if (ci >= 0) one.ci = mig::CiId{static_cast<std::uint32_t>(ci)};
      all.push_back(one);
    }
    return all;
  }

  const std::string& directory_;
  std::uint32_t minor_;
};

bool has_mig(const GpuConfig& gpu) {
  const auto product = catalog::find(gpu.product.view());
  return product && (*product)->capability.mode.supported;
}

bool is_device(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 && S_ISCHR(info.st_mode);
}

// Replaces the device by a file, atomically.
Result<void> become_file(const std::string& path) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0 || !S_ISCHR(info.st_mode)) return {};
  const auto draft = path + ".new";
  const int fd = open_file(draft.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  const bool made = fd >= 0 && ::fchmod(fd, info.st_mode & 07777U) == 0;
  if (fd >= 0) ::close(fd);
  if (!made || ::rename(draft.c_str(), path.c_str()) != 0)
    return fail_errno(path, "cannot replace the device by a file", errno);
  return {};
}

}  // namespace

Result<void> LiveTree::make(const NodeConfig& node, const NodeDynamic& state) const {
  GPUSLICE_CHECK(put_trees(directory_, trees(node, state, host_processors())));
  const auto pool = directory_ + "/pool";
  if (::mkdir(pool.c_str(), 0755) != 0) return fail_errno(pool, "cannot create the directory", errno);
  return {};
}

bool LiveTree::is_there() const { return ::access((directory_ + "/pool").c_str(), F_OK) == 0; }

Result<void> LiveTree::show(const GpuConfig& gpu, const mig::Partition& before, const mig::Partition& after) const {
  const Files files(directory_, gpu.minor);
  const auto fresh = missing(after, before);
  for (const auto& one : fresh) GPUSLICE_CHECK(files.come(one));
  for (const auto& inner : inner_devices(directory_))
    for (const auto& one : fresh) inner.show(files.cap(one));
  return {};
}

void LiveTree::hide(const GpuConfig& gpu, const mig::Partition& before, const mig::Partition& after) const {
  const StandardDescriptorsTaken taken;  // listing directories must not use descriptors 0 to 2
  const Files files(directory_, gpu.minor);
  auto gone = missing(before, after);
  std::reverse(gone.begin(), gone.end());
  for (const auto& one : gone) files.go(one);
  for (const auto& inner : inner_devices(directory_))
    for (const auto& one : gone) inner.hide(files.cap(one));
}

Result<void> LiveTree::mend(const NodeConfig& node, const NodeDynamic& state) const {
  const StandardDescriptorsTaken taken;  // listing directories must not use descriptors 0 to 2
  for (std::uint32_t i = 0; i < node.gpu_count; ++i) {
    if (!has_mig(node.gpus[i])) continue;
    const Files files(directory_, node.gpus[i].minor);
    const auto wanted = capabilities(state.gpus[i].mig.partition);
    files.go_unless(wanted);
    for (const auto& one : wanted) GPUSLICE_CHECK(files.come(one));
  }
  settle_inside(node, state);
  return {};
}

void LiveTree::settle_inside(const NodeConfig& node, const NodeDynamic& state) const {
  const auto all = inner_devices(directory_);
  if (all.empty()) return;
  std::set<unsigned> minors;
  for (std::uint32_t i = 0; i < node.gpu_count; ++i) {
    const Files files(directory_, node.gpus[i].minor);
    for (const auto& one : capabilities(state.gpus[i].mig.partition)) minors.insert(files.cap(one));
  }
  for (const auto& inner : all) inner.settle(minors);
}

Result<void> LiveTree::become_files() const {
  if (!is_device(directory_ + "/dev/nvidiactl")) return {};
  // Views hold the same devices under their own names; they are created again when needed.
  std::error_code views;
  fs::remove_all(directory_ + "/views", views);
  if (views) return fail_errno(directory_ + "/views", "cannot be removed", views.value());
  // nvidiactl is converted last: while it is a device, the conversion is known to be incomplete.
  std::vector<std::string> all;
  for (const auto* folder : {"/pool", "/dev/nvidia-caps", "/dev"}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory_ + folder, error)) all.push_back(entry.path().string());
  }
  const auto last = directory_ + "/dev/nvidiactl";
  for (const auto& path : all)
    if (path != last) GPUSLICE_CHECK(become_file(path));
  return become_file(last);
}

}  // namespace gpuslice::sim
