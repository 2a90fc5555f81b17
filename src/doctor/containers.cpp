#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "doctor/looks.hpp"
#include "doctor/version.hpp"

namespace gpuslice::doctor::looks {
namespace {

struct Uuids {
  std::set<std::string> gpus, mig;
  bool whole{true};  // every GPU was read
};
Uuids uuids_of(const NodeFacts& facts) {
  Uuids all;
  for (const auto& one : facts.gpus) {
    all.whole = all.whole && one.reach == GpuFacts::Reach::answers;
    if (one.reach != GpuFacts::Reach::answers) continue;
    all.gpus.insert(one.gpu.uuid);
    for (const auto& device : one.gpu.devices) all.mig.insert(device.uuid);
  }
  return all;
}

std::string some(const std::vector<std::string>& all) {
  return all.size() == 1 ? all.front() : fmt::format("{} and {} more", all.front(), all.size() - 1);
}

}  // namespace

void cdi(const NodeFacts& facts, Answer& answer) {
  const auto* specs = answer.known(facts.cdi);
  if (specs == nullptr || specs->empty()) return;
  const auto uuids = uuids_of(facts);
  std::set<std::string> present;
  if (facts.devices) {
    for (const auto& file : facts.devices->files)
      if (file.exists) present.insert(file.path);
    for (const auto& file : facts.devices->capability_files) present.insert(file.path);
    for (const auto& one : facts.devices->capabilities)
      present.insert(fmt::format("/dev/nvidia-caps/nvidia-cap{}", one.minor));
  }
  for (const auto& spec : *specs) {
    std::vector<std::string> gone;
    for (const auto& name : spec.devices)
      if (uuids.whole && ((name.starts_with("MIG-") && !uuids.mig.contains(name)) ||
                          (name.starts_with("GPU-") && !uuids.gpus.contains(name))))
        gone.push_back("device " + name);
    for (const auto& node : spec.nodes)
      if (facts.devices && uuids.whole &&
          (node.starts_with("/dev/nvidia-caps/nvidia-cap") ||
           (node.starts_with("/dev/nvidia") && node.size() > 11 && node[11] >= '0' && node[11] <= '9')) &&
          !present.contains(node))
        gone.push_back(node);
    std::vector<std::string> versions;
    if (facts.versions)
      for (const auto& version : spec.versions)
        if (!facts.versions->driver.empty() && version != facts.versions->driver) versions.push_back(version);
    const Hint again = fmt::format("sudo nvidia-ctk cdi generate --output={}", spec.path);
    if (!versions.empty())
      answer.problem(spec.path,
                     fmt::format("it is of driver {}; driver {} runs", versions.front(), facts.versions->driver),
                     "containers that use it do not start: the libraries that it mounts are gone", again);
    else if (!gone.empty())
      answer.problem(spec.path, fmt::format("it names what does not exist: {}", some(gone)),
                     "containers that use it do not start, or get another device", again);
    else if (uuids.whole && !facts.container && !uuids.mig.empty() && !spec.devices.empty()) {
      // A specification of MIG devices, by UUID or by index ("0:1"), that lacks some.
      const auto listed =
          std::ranges::count_if(spec.devices, [](const std::string& name) { return name.starts_with("MIG-"); });
      if (listed != 0 && static_cast<std::size_t>(listed) < uuids.mig.size())
        answer.problem(spec.path, fmt::format("it lists {} of {} MIG devices", listed, uuids.mig.size()),
                       "containers cannot be given the others", again);
    }
  }
}

void kubelet(const NodeFacts& facts, Answer& answer) {
  const auto* seen = answer.known(facts.kubelet);
  if (seen == nullptr || !*seen) return;
  const auto uuids = uuids_of(facts);
  if (!uuids.whole) return;
  std::vector<std::string> gone;
  std::set<std::string> listed;
  for (const auto& uuid : **seen) {
    listed.insert(uuid);
    if ((uuid.starts_with("MIG-") && !uuids.mig.contains(uuid)) ||
        (uuid.starts_with("GPU-") && !uuids.gpus.contains(uuid)))
      gone.push_back(uuid);
  }
  std::vector<std::string> unlisted;
  for (const auto& uuid : uuids.mig)
    if (!listed.contains(uuid)) unlisted.push_back(uuid);
  const Hint restart = "kubectl -n gpu-operator rollout restart daemonset nvidia-device-plugin-daemonset";
  if (!gone.empty())
    answer.problem("kubelet", "it offers devices that do not exist: " + some(gone),
                   "pods that get one do not start; the layout was changed while the device plugin ran", restart);
  else if (!unlisted.empty())
    answer.problem("kubelet", "it does not offer " + some(unlisted),
                   "pods that ask for it stay pending; the layout was changed while the device plugin ran", restart);
}

}  // namespace gpuslice::doctor::looks
