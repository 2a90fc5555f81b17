#include "ops/snapshot.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>

#include "base/permission_hint.hpp"
#include "ops/denial_error.hpp"
#include "sim/driver.hpp"
#include "sim/live_tree.hpp"
#include "sim/node_dir.hpp"
#include "sim/tree_files.hpp"
#include "sim/trees.hpp"

namespace gpuslice::ops {
namespace {

namespace fs = std::filesystem;

Result<void> check_name(const std::string& name) {
  if (sim::check_node_name(name)) return {};
  return fail(ErrorKind::usage, "snapshot name \"" + name + "\"",
              "must be 1 to 63 letters, digits, '.', '_' or '-', and not start with '.' or '-'");
}

Error broken(const fs::path& path, const std::string& what, const std::error_code& error) {
  return fail_errno(path.string(), what, error.value(),
                    permission_hint(error.value(), path.string(), "run it as the user who made the node"))
      .error();
}

Result<void> copy_tree(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return {};
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
  if (error) return std::unexpected(broken(to, "cannot be copied from " + from.string(), error));
  return {};
}

// Made beside and renamed: never half there.
class Draft {
 public:
  explicit Draft(fs::path target) : target_(std::move(target)) {
    path_ = target_.parent_path() / ("." + target_.filename().string() + "." + std::to_string(::getpid()));
    fs::remove_all(path_, error_);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (!kept_) fs::remove_all(path_, error_);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }
  Result<void> keep() {
    if (::rename(path_.c_str(), target_.c_str()) != 0)
      return fail_errno(target_.string(), "cannot be put in its place", errno);
    kept_ = true;
    return {};
  }

 private:
  fs::path target_, path_;
  std::error_code error_;
  bool kept_{};
};

fs::path folder(const std::string& node, const std::string& name) { return fs::path(node) / "snapshots" / name; }

std::string time_text(const fs::path& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return "unknown";
  std::tm utc{};
  std::array<char, 32> text{};
  const auto seconds = info.st_mtim.tv_sec;
  if (::gmtime_r(&seconds, &utc) == nullptr) return "unknown";
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

Result<fs::path> find(const std::string& node, const std::string& name) {
  GPUSLICE_CHECK(check_name(name));
  auto path = folder(node, name);
  std::error_code error;
  if (fs::is_regular_file(path / "state", error)) return path;
  std::string there;
  for (const auto& one : GPUSLICE_TRY(snapshots(node))) there += (there.empty() ? "" : ", ") + one.name;
  return fail(ErrorKind::not_found, "snapshot " + name,
              there.empty() ? "does not exist; the node has none" : "does not exist; there are: " + there);
}

sim::NodeDynamic without_clients(sim::NodeDynamic state) {
  state.clients = {};
  state.client_slots = 0;
  return state;
}

}  // namespace

Result<void> take_snapshot(const std::string& node, const std::string& name) {
  GPUSLICE_CHECK(check_name(name));
  const auto state = GPUSLICE_TRY(sim::StateFile::open(node + "/state", sim::Access::read_only));
  const auto target = folder(node, name);
  std::error_code error;
  if (fs::exists(target, error))
    return fail(ErrorKind::exists, "snapshot " + name, "is there already", "take another name, or delete it: --delete");
  fs::create_directories(target.parent_path(), error);
  if (error) return std::unexpected(broken(target.parent_path(), "cannot be made", error));
  Draft draft(target);
  fs::create_directory(draft.path(), error);
  if (error) return std::unexpected(broken(draft.path(), "cannot be made", error));
  GPUSLICE_CHECK(
      sim::StateFile::create((draft.path() / "state").string(), state->config(), without_clients(state->read())));
  GPUSLICE_CHECK(copy_tree(fs::path(node) / "store", draft.path() / "store"));
  return draft.keep();
}

Result<std::vector<Snapshot>> snapshots(const std::string& node) {
  std::vector<Snapshot> all;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(fs::path(node) / "snapshots", error)) {
    const auto name = entry.path().filename().string();
    if (!check_name(name)) continue;
    const auto state = GPUSLICE_TRY(sim::StateFile::open((entry.path() / "state").string(), sim::Access::read_only));
    Snapshot one{name, time_text(entry.path() / "state"), 0, 0};
    const auto seen = state->read();
    for (std::uint32_t gpu = 0; gpu < state->config().gpu_count; ++gpu)
      for (const auto& gi : seen.gpus[gpu].mig.partition.instances) {
        ++one.gpu_instances;
        one.compute_instances += static_cast<unsigned>(gi.compute.size());
      }
    all.push_back(one);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

Result<void> restore_snapshot(const std::string& node, const std::string& name) {
  const auto path = GPUSLICE_TRY(find(node, name));
  const auto saved = GPUSLICE_TRY(sim::StateFile::open((path / "state").string(), sim::Access::read_only));
  const auto driver = GPUSLICE_TRY(sim::Driver::open(node, node));
  // What gpuslice wrote down is ready before the state is put back, and takes its place after: cut off in between, it
  // is of a node that was changed by others, which it knows how to take.
  const auto store = fs::path(node) / "store";
  Draft draft(store);
  GPUSLICE_CHECK(copy_tree(path / "store", draft.path()));
  if (const auto done = driver->put_back(saved->read()); !done)
    return std::unexpected(denial_error(done.error(), *driver, "the node"));
  std::error_code error;
  fs::remove_all(store, error);
  if (error) return std::unexpected(broken(store, "cannot be put back", error));
  if (fs::exists(draft.path(), error)) return draft.keep();
  return {};
}

Result<void> delete_snapshot(const std::string& node, const std::string& name) {
  const auto path = GPUSLICE_TRY(find(node, name));
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return std::unexpected(broken(path, "cannot be deleted", error));
  return {};
}

Result<std::string> clone_node(const std::string& nodes, const std::string& from, const std::string& name) {
  GPUSLICE_CHECK(sim::check_node_name(name));
  const auto source = GPUSLICE_TRY(sim::find_node(nodes, from));
  const auto state = GPUSLICE_TRY(sim::StateFile::open(source + "/state", sim::Access::read_only));
  const auto target = fs::path(nodes) / name;
  std::error_code error;
  if (fs::exists(target, error))
    return fail(ErrorKind::exists, "node " + name, "is already there, in " + target.string(),
                "gpuslice sim list");
  auto config = std::make_unique<sim::NodeConfig>(state->config());
  config->name.set(name);
  const auto start = without_clients(state->read());
  Draft draft(target);
  fs::create_directory(draft.path(), error);
  if (error) return std::unexpected(broken(draft.path(), "cannot be made", error));
  const auto part = [&](const char* what) { return draft.path() / what; };
  GPUSLICE_CHECK(sim::StateFile::create(part("state").string(), *config, start));
  for (const auto* what : {"bin", "lib", "boot.d", "store"})
    GPUSLICE_CHECK(copy_tree(fs::path(source) / what, part(what)));
  fs::create_directory(part("space"), error);
  GPUSLICE_CHECK(sim::write_file(part("clients").string(), std::string(sim::max_clients, '\0')));
  fs::permissions(part("clients"), static_cast<fs::perms>(0644), error);
  if (error) return std::unexpected(broken(part("clients"), "cannot be made", error));
  std::ifstream host("/proc/devices", std::ios::binary);
  GPUSLICE_CHECK(sim::LiveTree(draft.path().string())
                     .make(*config, start, sim::registered_majors({std::istreambuf_iterator<char>(host), {}})));
  GPUSLICE_CHECK(draft.keep());
  return target.string();
}

}  // namespace gpuslice::ops
