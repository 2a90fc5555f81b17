#include "sim/node_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "mig/instance_name.hpp"

namespace gpuslice::sim {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

bool same_file(const std::string& one, const std::string& other) {
  struct stat a{};
  struct stat b{};
  return ::stat(one.c_str(), &a) == 0 && ::stat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool is_node(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path / "state", error);
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

std::string view_of(const std::string& node) {
  auto view = variable("GPUSLICE_SIM_VIEW");
  if (!view.empty()) return view;
  // The very node, not one that was made anew under its name.
  const bool inside = node_around() == node && same_file("/dev/nvidiactl", node + "/dev/nvidiactl");
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

Result<std::string> find_node(const std::string& nodes, const std::string& name) {
  GPUSLICE_CHECK(check_node_name(name));
  const auto path = fs::path(nodes) / name;
  if (is_node(path)) return path.string();
  std::string there;
  for (const auto& one : list_nodes(nodes)) there += (there.empty() ? "" : ", ") + one;
  const auto hint = there.empty() ? "gpuslice sim create " + name + " --gpus 8xa100-40gb" : "gpuslice sim list";
  return fail(ErrorKind::not_found, "node " + name,
              there.empty() ? "does not exist; there is no node in " + nodes : "does not exist; there are: " + there,
              hint);
}

}  // namespace gpuslice::sim
