#include "ops/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ops/instance_path.hpp"
#include "plan/instance_text.hpp"

namespace gpuslice::ops {
namespace {

std::string object_of(const std::string& word) { return "device " + word; }

std::string path_of(const handover::Device& device) { return path_text({device.gpu, device.gi, device.ci}); }

// "0:2/0 MIG-…, 0:3/0 MIG-…"
std::string list_of(const std::vector<UsableDevice>& devices) {
  std::string text;
  for (const auto& one : devices)
    text += (text.empty() ? "" : ", ") + path_of(one.device) +
            (one.device.name.empty() ? "" : " \"" + one.device.name + "\"") + " " + one.device.uuid;
  return text;
}

// Whether the word may name all of these: one device, or the compute instances of one GPU instance.
bool belong_together(const std::vector<UsableDevice>& devices) {
  return std::ranges::all_of(devices, [&](const UsableDevice& one) {
    return one.device.gpu == devices.front().device.gpu && one.device.gi == devices.front().device.gi;
  });
}

// Whether the GPU could have what the word names.
struct MayBeOn {
  const model::Gpu& gpu;
  bool operator()(const PathWord& path) const { return path.gpu == gpu.index; }
  bool operator()(const MigIndexWord& word) const { return word.gpu == gpu.index; }
  template <class Word>
  bool operator()(const Word&) const {
    return true;
  }
};

Error not_found(const std::string& word, const DeviceWord& parsed, const model::Inventory& inventory) {
  for (const auto& gpu : inventory.gpus)
    if (!gpu.problem.empty() && std::visit(MayBeOn{gpu}, parsed))
      return {ErrorKind::unknown, object_of(word),
              fmt::format("is not on the GPUs that can be read; {}: {}", gpu_text(gpu.index), gpu.problem),
              Hint::gpuslice({"list"})};
  const auto* path = std::get_if<PathWord>(&parsed);
  if (path != nullptr && inventory.find(path->gpu) == nullptr)
    return {ErrorKind::not_found, object_of(word),
            fmt::format("there is no GPU {}; GPUs on the node: {}", path->gpu.value, inventory.gpus.size()),
            Hint::gpuslice({"list"})};
  return {ErrorKind::not_found, object_of(word), "is no GPU or MIG device of this node", Hint::gpuslice({"list"})};
}

Resolved resolve_one(const std::string& word, const std::vector<UsableDevice>& all, const model::Inventory& inventory) {
  Resolved resolved{word, {}, {}, {}};
  const auto parsed = parse_device_word(word);
  if (!parsed) {
    resolved.error = parsed.error();
    return resolved;
  }
  resolved.devices = matching(all, *parsed);
  if (resolved.devices.empty()) {
    resolved.error = not_found(word, *parsed, inventory);
  } else if (!belong_together(resolved.devices)) {
    resolved.error = Error{ErrorKind::usage, object_of(word),
                           fmt::format("names {} devices: {}", resolved.devices.size(), list_of(resolved.devices)),
                           Hint::gpuslice({"resolve", path_of(resolved.devices.front().device)})};
    resolved.devices.clear();
  }
  return resolved;
}

// A GPU whose instances may not be listed, as in a container, still shows the MIG devices that the process may use.
std::vector<UsableDevice> visible_devices(Workers& workers, GpuIndex gpu) {
  auto found = workers.on(gpu, [gpu](node::Node& node) -> Result<std::vector<UsableDevice>> {
    std::vector<UsableDevice> visible;
    handover::Device whole;
    whole.gpu = gpu;
    if (const auto uuid = node.identity().uuid(gpu)) whole.gpu_uuid = whole.uuid = *uuid;
    if (const auto name = node.identity().name(gpu)) whole.gpu_name = *name;
    if (const auto pci = node.identity().pci(gpu)) whole.pci = pci->bus_id;
    if (whole.uuid.empty()) return visible;
    const auto mode = node.mig().mig_mode(gpu);
    visible.push_back({whole, std::nullopt, mode && mode->current, {}});
    const auto indices = node.mig().mig_indices(gpu);
    if (!indices) return visible;
    for (const auto index : *indices) {
      const node::Subject subject{gpu, index};
      const auto gi = node.mig().mig_gi(subject);
      const auto ci = node.mig().mig_ci(subject);
      const auto uuid = node.identity().uuid(subject);
      if (!gi || !ci || !uuid) continue;
      auto device = whole;
      device.gi = *gi;
      device.ci = *ci;
      device.mig_index = index;
      device.uuid = *uuid;
      visible.push_back({device, std::nullopt, true, {}});
    }
    return visible;
  });
  return found ? *std::move(found) : std::vector<UsableDevice>{};
}

bool names_a_file(const std::string& word) {
  const auto parsed = parse_device_word(word);
  return parsed && std::holds_alternative<FileWord>(*parsed);
}

std::string profile_of(const Past& past) {
  return past.gi_profile.empty() ? std::string("a GPU instance") : past.gi_profile;
}

}  // namespace

Result<std::vector<Resolved>> resolve(const Subject& subject, const std::vector<std::string>& words) {
  const auto seen = GPUSLICE_TRY(see(subject, Ask::what_stands));
  auto all = devices_of(seen.inventory);
  for (const auto& gpu : seen.inventory.gpus)
    if (!gpu.problem.empty())
      for (auto& one : visible_devices(*subject.workers, gpu.index)) all.push_back(std::move(one));
  const bool files_first = std::ranges::any_of(words, names_a_file);
  if (files_first) read_device_files(*subject.workers, all);
  std::vector<Resolved> results;
  std::optional<std::vector<store::Transaction>> history;
  for (const auto& word : words) {
    auto one = resolve_one(word, all, seen.inventory);
    if (!files_first) read_device_files(*subject.workers, one.devices);
    if (one.error && one.error->kind == ErrorKind::not_found) {
      // A history that cannot be read is like one that does not have it.
      if (!history) history = subject.store.history().value_or(std::vector<store::Transaction>{});
      if (const auto parsed = parse_device_word(word)) one.past = past_of(*history, *parsed);
    }
    results.push_back(std::move(one));
  }
  return results;
}

Result<UsableDevice> device_for_process(const Subject& subject, const std::string& word) {
  auto resolved = GPUSLICE_TRY(resolve(subject, {word})).front();
  if (resolved.error) {
    auto error = *std::move(resolved.error);
    if (resolved.past)
      error.what = fmt::format("is gone: it was {} at {} on GPU {}", profile_of(*resolved.past),
                               plan::place_text(resolved.past->gi_placement), resolved.past->gpu.value);
    return std::unexpected(std::move(error));
  }
  if (resolved.devices.size() > 1)
    return fail(ErrorKind::refused, object_of(word),
                fmt::format("has {} compute instances, and a CUDA process uses one: {}", resolved.devices.size(),
                            list_of(resolved.devices)),
                Hint::gpuslice({"resolve", word}));
  auto& one = resolved.devices.front();
  if (one.device.whole() && one.mig_mode)
    return fail(ErrorKind::refused, object_of(word),
                "has MIG mode on, so a CUDA process uses one of its MIG devices and not the GPU",
                Hint::gpuslice({"list"}));
  if (one.device.uuid.empty())
    return fail(ErrorKind::refused, object_of(word), "has no UUID: the driver lists no MIG device for it",
                Hint::gpuslice({"list"}));
  return std::move(one);
}

}  // namespace gpuslice::ops
