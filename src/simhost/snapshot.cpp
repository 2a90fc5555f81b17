#include "simhost/snapshot.hpp"

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
#include <system_error>

#include "sim/live_tree.hpp"
#include "sim/node_dir.hpp"
#include "sim/state_file.hpp"
#include "sim/tree_files.hpp"
#include "sim/trees.hpp"
#include "simhost/copy_tree.hpp"
#include "simhost/draft.hpp"
#include "simhost/restore.hpp"
#include "store/node_store.hpp"

namespace gpuslice::simhost {
namespace {

namespace fs = std::filesystem;

Result<void> check_name(const std::string& name) {
  if (sim::check_node_name(name)) return {};
  return fail(ErrorKind::usage, "snapshot name \"" + name + "\"",
              "must be 1 to 63 letters, digits, '.', '_' or '-', and not start with '.' or '-'");
}

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
  return fail(
      ErrorKind::not_found, "snapshot " + name,
      there.empty() ? "does not exist; the node has no snapshots" : "does not exist; existing snapshots: " + there);
}

Result<sim::Contents> without_clients(const sim::StateFile& state) {
  auto contents = GPUSLICE_TRY(state.contents());
  contents.state->clients = {};
  contents.state->client_slots = 0;
  return contents;
}

}  // namespace

Result<void> take_snapshot(const std::string& node, const std::string& name) {
  GPUSLICE_CHECK(check_name(name));
  GPUSLICE_CHECK(sim::check_owner(node));
  const OwnerWrites modes;
  const auto state = GPUSLICE_TRY(sim::StateFile::open(node + "/state", sim::Access::read_only));
  const auto target = folder(node, name);
  std::error_code error;
  if (fs::exists(target, error))
    return fail(ErrorKind::exists, "snapshot " + name, "already exists",
                "choose another name, or delete it with --delete");
  fs::create_directories(target.parent_path(), error);
  if (error) return std::unexpected(file_error(target.parent_path(), "cannot be created", error));
  // Locked, so that no process changes the node meanwhile and state, names and history match.
  const auto changing = GPUSLICE_TRY(store::NodeStore(node + "/store").lock("sim snapshot"));
  auto draft = GPUSLICE_TRY(Draft::make(target));
  GPUSLICE_CHECK(sim::StateFile::create((draft.path() / "state").string(), GPUSLICE_TRY(without_clients(*state))));
  GPUSLICE_CHECK(copy_store(fs::path(node) / "store", draft.path() / "store"));
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
  GPUSLICE_CHECK(sim::check_owner(node));
  const auto path = GPUSLICE_TRY(find(node, name));
  return put_back_all(node, (path / "state").string(), (path / "store").string());
}

Result<void> delete_snapshot(const std::string& node, const std::string& name) {
  GPUSLICE_CHECK(sim::check_owner(node));
  const auto path = GPUSLICE_TRY(find(node, name));
  return GPUSLICE_TRY(Draft::take_away(path)).remove();
}

Result<std::string> clone_node(const std::string& nodes, const std::string& from, const std::string& name) {
  GPUSLICE_CHECK(sim::check_node_name(name));
  const OwnerWrites modes;
  const auto source = GPUSLICE_TRY(sim::find_own_node(nodes, from));
  const auto state = GPUSLICE_TRY(sim::StateFile::open(source + "/state", sim::Access::read_only));
  const auto target = fs::path(nodes) / name;
  std::error_code error;
  if (fs::exists(target, error))
    return fail(ErrorKind::exists, "node " + name, "already exists, in " + target.string(),
                Hint::gpuslice({"sim", "list"}));
  // Locked, so that state, names and history match. A user without permission to change that node cannot lock it.
  const auto changing = store::NodeStore(source + "/store").lock("sim clone");
  if (!changing && changing.error().kind == ErrorKind::busy) return std::unexpected(changing.error());
  const auto contents = GPUSLICE_TRY(without_clients(*state));
  contents.config->name.set(name);
  auto draft = GPUSLICE_TRY(Draft::make(target));
  const auto part = [&](const char* what) { return draft.path() / what; };
  GPUSLICE_CHECK(sim::StateFile::create(part("state").string(), contents));
  for (const auto* what : {"bin", "lib", "boot.d", "etc"})
    GPUSLICE_CHECK(copy_tree(fs::path(source) / what, part(what)));
  GPUSLICE_CHECK(copy_store(fs::path(source) / "store", part("store")));
  fs::create_directory(part("space"), error);
  GPUSLICE_CHECK(sim::write_file(part("clients").string(), std::string(sim::max_clients, '\0')));
  fs::permissions(part("clients"), static_cast<fs::perms>(0600), error);
  if (error) return std::unexpected(file_error(part("clients"), "cannot be created", error));
  GPUSLICE_CHECK(sim::LiveTree(draft.path().string()).make(*contents.config, *contents.state));
  GPUSLICE_CHECK(draft.keep());
  return target.string();
}

}  // namespace gpuslice::simhost
