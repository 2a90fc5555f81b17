#include "ops/driver_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

namespace gpuslice::ops {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 8> library_places = {"/usr/lib/x86_64-linux-gnu",
                                                       "/usr/lib/aarch64-linux-gnu",
                                                       "/usr/lib64",
                                                       "/usr/lib",
                                                       "/lib/x86_64-linux-gnu",
                                                       "/lib64",
                                                       "/usr/lib/wsl/lib",
                                                       "/run/opengl-driver/lib"};
constexpr std::array<const char*, 5> programs = {"nvidia-smi", "nvidia-debugdump", "nvidia-persistenced",
                                                 "nvidia-cuda-mps-control", "nvidia-cuda-mps-server"};
constexpr std::array<const char*, 2> sockets = {"/run/nvidia-persistenced/socket", "/run/nvidia-fabricmanager/socket"};
// Both take the same arguments: the first has only the hooks, the second has them behind `hook`.
constexpr std::array<const char*, 2> hook_programs = {"/usr/bin/nvidia-cdi-hook", "/usr/bin/nvidia-ctk"};

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

bool is_library_of(const std::string& name, const std::string& version) {
  constexpr std::array<const char*, 5> families = {"libcuda.so.", "libcudadebugger.so.", "libnvcuvid.so.",
                                                   "libnvoptix.so.", "libnvidia-"};
  return name.ends_with(".so." + version) &&
         std::ranges::any_of(families, [&](const char* family) { return name.starts_with(family); });
}

// Only the directory itself is searched: other places usually hold the same files through links.
std::string library_directory(const std::string& root, const std::string& version) {
  for (const std::string place : library_places)
    for (const char* name : {"libcuda.so.", "libnvidia-ml.so."})
      if (exists(root + place + "/" + name + version)) return place;
  return {};
}

void add_libraries(const std::string& root, const std::string& directory, const std::string& version,
                   std::vector<handover::Mount>& mounts) {
  const auto names = names_in(root + directory);
  for (const auto& name : names) {
    std::error_code error;
    const auto path = directory + "/" + name;
    if (is_library_of(name, version)) {
      mounts.push_back({path, path});
    } else if (fs::is_symlink(root + path, error)) {
      const auto leads = fs::read_symlink(root + path, error).filename().string();
      if (is_library_of(leads, version)) mounts.push_back({directory + "/" + leads, path});
    }
  }
}

}  // namespace

handover::Common driver_files(const std::string& root, const std::string& driver_version) {
  handover::Common common;
  const auto directory = driver_version.empty() ? std::string{} : library_directory(root, driver_version);
  if (directory.empty()) return common;
  add_libraries(root, directory, driver_version, common.mounts);
  for (const std::string name : programs)
    if (const auto path = "/usr/bin/" + name; exists(root + path)) common.mounts.push_back({path, path});
  for (const std::string path : sockets)
    if (exists(root + path)) common.mounts.push_back({path, path});
  if (const auto firmware = "/lib/firmware/nvidia/" + driver_version; exists(root + firmware))
    common.mounts.push_back({firmware, firmware});
  for (const std::string path : hook_programs) {
    if (!exists(root + path)) continue;
    const auto name = fs::path(path).filename().string();
    std::vector<std::string> args = {name};
    if (name == "nvidia-ctk") args.emplace_back("hook");
    for (const auto& word : {std::string("update-ldcache"), std::string("--folder"), directory}) args.push_back(word);
    common.hooks.push_back({path, std::move(args)});
    break;
  }
  // Else the older NVIDIA runtime hook, where it is installed too, would add the devices once more.
  common.env = {"NVIDIA_VISIBLE_DEVICES=void"};
  return common;
}

}  // namespace gpuslice::ops
