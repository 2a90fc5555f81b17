#include "ops/driver_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

namespace gpuslice::ops {
namespace {

namespace fs = std::filesystem;

// Where a loader in a container looks without a cache. The first place that the host has libraries in is used.
constexpr std::array<const char*, 8> library_places = {"/usr/lib/x86_64-linux-gnu",
                                                       "/usr/lib/aarch64-linux-gnu",
                                                       "/usr/lib64",
                                                       "/usr/lib",
                                                       "/lib/x86_64-linux-gnu",
                                                       "/lib64",
                                                       "/usr/lib/wsl/lib",
                                                       "/run/opengl-driver/lib"};
// Where drivers are installed apart from the system: an image of the driver that is mounted (Container-Optimized OS;
// also the H200 machine that this was tried on), and the driver container of NVIDIA's GPU Operator. A loader in a
// container does not look there, so their files are mounted where it does.
constexpr std::array<const char*, 2> other_library_places = {"/usr/local/nvidia/lib64",
                                                             "/run/nvidia/driver/usr/lib/x86_64-linux-gnu"};
constexpr const char* place_in_container = "/usr/lib/x86_64-linux-gnu";
constexpr std::array<const char*, 3> program_places = {"/usr/bin", "/usr/local/nvidia/bin",
                                                       "/run/nvidia/driver/usr/bin"};
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

// The directory of the libraries on the host, and where a container gets them.
struct LibraryPlace {
  std::string host, container;
};
bool has_libraries(const std::string& directory, const std::string& version) {
  return exists(directory + "/libcuda.so." + version) || exists(directory + "/libnvidia-ml.so." + version);
}
// Only the directory itself is searched: other places usually hold the same files through links.
LibraryPlace library_place(const std::string& root, const std::string& version) {
  for (const std::string place : library_places)
    if (has_libraries(root + place, version)) return {place, place};
  for (const std::string place : other_library_places)
    if (has_libraries(root + place, version)) return {place, place_in_container};
  return {};
}

void add_libraries(const std::string& root, const LibraryPlace& place, const std::string& version,
                   std::vector<handover::Mount>& mounts) {
  for (const auto& name : names_in(root + place.host)) {
    std::error_code error;
    const auto path = place.host + "/" + name, inside = place.container + "/" + name;
    if (is_library_of(name, version)) {
      mounts.push_back({path, inside});
    } else if (fs::is_symlink(root + path, error)) {
      const auto leads = fs::read_symlink(root + path, error).filename().string();
      if (is_library_of(leads, version)) mounts.push_back({place.host + "/" + leads, inside});
    }
  }
}

void add_programs(const std::string& root, std::vector<handover::Mount>& mounts) {
  for (const std::string name : programs)
    for (const std::string place : program_places)
      if (const auto path = place + "/" + name; exists(root + path)) {
        mounts.push_back({path, "/usr/bin/" + name});
        break;
      }
}

}  // namespace

handover::Common driver_files(const std::string& root, const std::string& driver_version) {
  handover::Common common;
  const auto place = driver_version.empty() ? LibraryPlace{} : library_place(root, driver_version);
  if (place.host.empty()) return common;
  add_libraries(root, place, driver_version, common.mounts);
  add_programs(root, common.mounts);
  for (const std::string path : sockets)
    if (exists(root + path)) common.mounts.push_back({path, path});
  if (const auto firmware = "/lib/firmware/nvidia/" + driver_version; exists(root + firmware))
    common.mounts.push_back({firmware, firmware});
  for (const std::string path : hook_programs) {
    if (!exists(root + path)) continue;
    const auto name = fs::path(path).filename().string();
    std::vector<std::string> args = {name};
    if (name == "nvidia-ctk") args.emplace_back("hook");
    for (const auto& word : {std::string("update-ldcache"), std::string("--folder"), place.container})
      args.push_back(word);
    common.hooks.push_back({path, std::move(args)});
    break;
  }
  // Else the older NVIDIA runtime hook, where it is installed too, would add the devices once more.
  common.env = {"NVIDIA_VISIBLE_DEVICES=void"};
  return common;
}

}  // namespace gpuslice::ops
