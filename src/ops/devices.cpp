#include "ops/devices.hpp"

#include <algorithm>
#include <utility>

#include "plan/resolve.hpp"

namespace gpuslice::ops {
namespace {

handover::Device of_gpu(const model::Gpu& gpu) {
  handover::Device device;
  device.gpu = gpu.index;
  device.gpu_uuid = device.uuid = gpu.uuid;
  device.gpu_name = gpu.name;
  device.pci = gpu.pci;
  return device;
}

std::optional<std::uint32_t> mig_index(const model::Gpu& gpu, const Instance& instance) {
  for (std::uint32_t i = 0; i < gpu.devices.size(); ++i)
    if (gpu.devices[i].gi == instance.gi && gpu.devices[i].ci == instance.ci) return i;
  return std::nullopt;
}

// "serve/web": the name of the compute instance within that of its GPU instance. A compute instance that is alone in a
// named GPU instance needs no name of its own.
std::string full_name(const std::string& gi, const std::string& ci, bool alone) {
  if (gi.empty()) return ci;
  if (ci.empty()) return alone ? gi : std::string{};
  return gi + "/" + ci;
}

void add_mig_devices(const model::Gpu& gpu, std::vector<UsableDevice>& all) {
  std::string gi_name;
  for (auto& instance : instances_of(gpu)) {
    if (!instance.ci) {
      gi_name = instance.name;
      continue;
    }
    const auto* parent = gpu.state.mig.partition.find(instance.gi);
    UsableDevice one{of_gpu(gpu), instance, true, {}};
    auto& device = one.device;
    device.name = full_name(gi_name, instance.name, parent != nullptr && parent->compute.size() == 1);
    device.gi = instance.gi;
    device.ci = instance.ci;
    device.gi_placement = instance.gi_seat.placement;
    device.ci_placement = instance.ci_seat->placement;
    device.gi_profile = instance.gi_profile;
    device.ci_profile = instance.ci_profile;
    device.mig_index = mig_index(gpu, instance);
    device.uuid = instance.uuid;
    for (const auto& client : gpu.clients)
      if (client.gi == instance.gi && client.ci == instance.ci) one.clients.push_back(client);
    all.push_back(std::move(one));
  }
}

// Whether a device matches each kind of word.
struct Matches {
  const UsableDevice& one;
  const handover::Device& device = one.device;

  bool operator()(const PathWord& path) const {
    if (device.gpu != path.gpu) return false;
    if (!path.gi) return device.whole();
    return device.gi == path.gi && (!path.ci || device.ci == path.ci);
  }
  bool operator()(const MigIndexWord& word) const {
    return device.gpu == word.gpu && !device.whole() && device.mig_index == word.index;
  }
  bool operator()(const UuidWord& word) const { return device.uuid.starts_with(word.beginning); }
  bool operator()(const MigPathWord& word) const {
    return device.gpu_uuid == word.gpu_uuid && device.gi == word.gi && device.ci == word.ci;
  }
  // The last of a device's nodes is its own; those before it are of what contains it.
  bool operator()(const FileWord& word) const {
    if (!device.nodes) return false;
    const auto file = std::ranges::find(*device.nodes, word.path, &node::DeviceNode::path);
    if (file == device.nodes->end()) return false;
    return file->of != node::DeviceNode::Of::gpu || device.whole();
  }
  bool operator()(const PciWord& word) const { return device.whole() && plan::same_pci(device.pci, word.address); }
  bool operator()(const NameWord& word) const {
    if (device.whole()) return false;
    if (!one.instance) return false;
    return is_name(device.name, word.name) || is_name(one.instance->name, word.name) ||
           is_name(one.instance->gi_name, word.name);
  }
  // In CDI names a dot stands for the slash.
  static bool is_name(const std::string& name, std::string wanted) {
    if (name.empty()) return false;
    if (name == wanted) return true;
    auto dotted = name;
    std::ranges::replace(dotted, '/', '.');
    return dotted == wanted;
  }
};

}  // namespace

std::vector<UsableDevice> devices_of(const model::Inventory& inventory) {
  std::vector<UsableDevice> all;
  for (const auto& gpu : inventory.gpus) {
    if (!gpu.problem.empty()) continue;
    UsableDevice whole{of_gpu(gpu), std::nullopt, gpu.state.mig.mode, {}};
    for (const auto& client : gpu.clients)
      if (!client.gi) whole.clients.push_back(client);
    all.push_back(std::move(whole));
    add_mig_devices(gpu, all);
  }
  return all;
}

void read_device_files(Workers& workers, std::vector<UsableDevice>& devices) {
  for (auto& one : devices) {
    const auto nodes = workers.on(one.device.gpu,
                                  [gpu = one.device.gpu, gi = one.device.gi,
                                   ci = one.device.ci](node::Node& node) -> Result<std::vector<DeviceNode>> {
                                    auto answer = node.device_files().of(gpu, gi, ci);
                                    if (!answer) return fail(ErrorKind::unknown, gpu_text(gpu), answer.error().text);
                                    return *std::move(answer);
                                  });
    if (nodes) one.device.nodes = *nodes;
  }
}

std::vector<UsableDevice> matching(const std::vector<UsableDevice>& all, const DeviceWord& word) {
  std::vector<UsableDevice> found;
  for (const auto& one : all)
    if (std::visit(Matches{one}, word)) found.push_back(one);
  // A whole UUID names one device, even if it is also the beginning of another.
  if (const auto* uuid = std::get_if<UuidWord>(&word))
    for (const auto& one : found)
      if (one.device.uuid == uuid->beginning) return {one};
  return found;
}

}  // namespace gpuslice::ops
