#include "ops/cdi.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "base/permission_hint.hpp"
#include "ops/devices.hpp"
#include "ops/driver_files.hpp"
#include "store/files.hpp"

namespace gpuslice::ops {
namespace {

constexpr const char* file_name = "gpuslice.json";

// The driver's version and its own device nodes.
struct OfDriver {
  std::string version;
  std::vector<node::DeviceNode> nodes;
};
Result<OfDriver> ask_driver(Workers& workers) {
  return workers.on_node([](node::Node& node) -> Result<OfDriver> {
    const auto version = node.identity().driver_version();
    if (!version) return fail(ErrorKind::unknown, "driver version", version.error().text);
    const auto nodes = node.device_files().of_driver();
    if (!nodes) return fail(ErrorKind::unknown, "device nodes of the driver", nodes.error().text);
    return OfDriver{*version, *nodes};
  });
}

}  // namespace

std::string cdi_path(const Subject& subject) {
  return (subject.directory.empty() ? std::string("/var/run/cdi") : subject.directory + "/cdi") + "/" + file_name;
}

Result<std::string> make_cdi_spec(const Subject& subject) {
  const auto seen = GPUSLICE_TRY(see(subject, Ask::what_stands));
  const auto driver = GPUSLICE_TRY(ask_driver(*subject.workers));
  auto usable = devices_of(seen.inventory);
  std::erase_if(usable, [](const UsableDevice& one) { return one.device.whole() && one.mig_mode; });
  read_device_files(*subject.workers, usable);
  auto common = subject.directory.empty() ? driver_files("", driver.version) : subject.simulated_driver;
  if (subject.directory.empty() && common.mounts.empty())
    return fail(ErrorKind::not_found, "driver " + driver.version,
                "this host has no library of it (libcuda.so." + driver.version + ") to mount into containers");
  common.nodes = driver.nodes;
  std::vector<handover::Device> devices;
  for (auto& one : usable) devices.push_back(std::move(one.device));
  return handover::cdi_spec(common, devices);
}

Result<void> write_cdi_spec(const std::string& path, const std::string& text) {
  const auto directory = std::filesystem::path(path).parent_path().string();
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return fail(error == std::errc::permission_denied ? ErrorKind::permission : ErrorKind::io, directory,
                "cannot be created: " + error.message(), permission_hint(error.value(), directory, "run as root"));
  return store::replace_file(path, text);
}

void keep_cdi_current(const Subject& subject) {
  if (!subject.real && subject.directory.empty()) return;  // a node in memory
  const auto path = cdi_path(subject);
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return;
  const auto written = [&]() -> Result<void> {
    const auto text = GPUSLICE_TRY(make_cdi_spec(subject));
    return write_cdi_spec(path, text);
  }();
  if (written || !subject.tell) return;
  Event event;
  event.kind = Event::Kind::note;
  event.text = "the CDI specification was not updated: " + written.error().message();
  subject.tell(event);
}

std::vector<CdiDifference> cdi_differences(const std::vector<handover::CdiEntry>& file,
                                           const std::vector<handover::CdiEntry>& node) {
  std::map<std::string, const handover::CdiEntry*> in_file, on_node;
  for (const auto& one : file) in_file[one.name] = &one;
  for (const auto& one : node) on_node[one.name] = &one;
  std::vector<CdiDifference> all;
  for (const auto& [name, entry] : on_node) {
    const auto found = in_file.find(name);
    if (found == in_file.end())
      all.push_back({CdiDifference::Kind::missing, name});
    else if (found->second->nodes != entry->nodes)
      all.push_back({CdiDifference::Kind::changed, name});
  }
  for (const auto& [name, entry] : in_file)
    if (!on_node.contains(name)) all.push_back({CdiDifference::Kind::stale, name});
  std::ranges::sort(all, {}, &CdiDifference::name);
  return all;
}

}  // namespace gpuslice::ops
