#include "sim/node_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/printable.hpp"
#include "base/user_name.hpp"
#include "mig/instance_name.hpp"

namespace gpuslice::sim {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

bool is_node(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path / "state", error);
}

// Checks who may write to the directory that holds the node. In a sticky directory (/tmp), only its owner can replace
// an entry.
Result<void> check_directory(const fs::path& directory, const fs::path& node, const std::string& which) {
  const auto object = "node " + node.filename().string();
  struct stat info{};
  if (::stat(directory.c_str(), &info) != 0) return fail_errno(object, "cannot be examined", errno);
  const auto me = ::geteuid();
  if (info.st_uid != me && info.st_uid != 0) {
    const auto owner = user_name(info.st_uid);
    return fail(ErrorKind::permission, object,
                which + "belongs to " + owner + ": acting on it would run programs of " + owner + " as " +
                    user_name(me) + "; act on it as " + owner,
                "sudo -u " + user_argument(info.st_uid) +
                    " env GPUSLICE_SIM_DIR=" + shell_word(node.parent_path().string()) + " GPUSLICE_LOCAL=readonly sh");
  }
  if ((info.st_mode & S_IWOTH) != 0 && (info.st_mode & S_ISVTX) == 0)
    return fail(ErrorKind::permission, object,
                which + "is writable by every user: acting on it could run their programs as " + user_name(me),
                "chmod o-w " + shell_word(directory.string()));
  return {};
}

}  // namespace

Home home_from_environment() {
  return {variable("GPUSLICE_SIM_DIR"), variable("XDG_STATE_HOME"), variable("HOME"), ::geteuid() == 0};
}

std::string node_around() {
  std::error_code error;
  const auto leads = fs::read_symlink(inside_mark, error);
  return error ? std::string{} : leads.string();
}

std::string identity_around() {
  std::error_code error;
  const auto leads = fs::read_symlink(inside_identity, error);
  return error ? std::string{} : leads.string();
}

std::string node_identity(const std::string& node) {
  // The owner of lib, because this directory does not change after the node was created.
  struct stat info{};
  if (::stat((node + "/lib").c_str(), &info) != 0) return {};
  return std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino) + ":" + std::to_string(info.st_ctim.tv_sec) +
         "." + std::to_string(info.st_ctim.tv_nsec);
}

std::string view_of(const std::string& node) {
  auto view = variable("GPUSLICE_SIM_VIEW");
  if (!view.empty()) return view;
  // True only inside this very node, not inside one created later under the same name.
  const bool inside = node_around() == node && identity_around() == node_identity(node);
  return inside ? std::string{} : node;
}

Result<std::string> nodes_directory(const Home& home) {
  if (!home.sim_dir.empty()) {
    if (home.sim_dir[0] == '/') return home.sim_dir;
    std::error_code error;
    return fs::absolute(home.sim_dir, error).string();
  }
  if (home.root) return std::string("/var/lib/gpuslice/nodes");
  if (!home.state_home.empty()) return home.state_home + "/gpuslice/nodes";
  if (!home.home.empty()) return home.home + "/.local/state/gpuslice/nodes";
  return fail(ErrorKind::unknown, "the directory of simulated nodes", "neither GPUSLICE_SIM_DIR nor HOME is set",
              "export GPUSLICE_SIM_DIR=/some/directory");
}

Result<void> check_node_name(const std::string& name) {
  if (!mig::is_plain_word(name) || name[0] == '.' || name[0] == '-')
    return fail(ErrorKind::usage, "node name \"" + name + "\"",
                "must be 1 to 63 letters, digits, '.', '_' or '-', and not start with '.' or '-'");
  return {};
}

std::vector<std::string> list_nodes(const std::string& nodes) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(nodes, error))
    if (auto name = entry.path().filename().string(); check_node_name(name) && is_node(entry.path()))
      names.push_back(std::move(name));
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> check_owner(const std::string& node) {
  const fs::path path(node);
  GPUSLICE_CHECK(check_directory(path, path, ""));
  // A user who may write to the directory of the nodes can replace the node.
  return check_directory(path.parent_path(), path, "its directory " + path.parent_path().string() + " ");
}

Result<std::string> find_own_node(const std::string& nodes, const std::string& name) {
  auto node = GPUSLICE_TRY(find_node(nodes, name));
  GPUSLICE_CHECK(check_owner(node));
  return node;
}

Result<std::string> find_node(const std::string& nodes, const std::string& name) {
  GPUSLICE_CHECK(check_node_name(name));
  const auto path = fs::path(nodes) / name;
  if (is_node(path)) return path.string();
  std::string there;
  for (const auto& one : list_nodes(nodes)) there += (there.empty() ? "" : ", ") + one;
  return fail(
      ErrorKind::not_found, "node " + name,
      there.empty() ? "does not exist; there are no nodes in " + nodes : "does not exist; existing nodes: " + there,
      Hint::gpuslice({"sim", "list"}));
}

}  // namespace gpuslice::sim
