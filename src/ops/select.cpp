#include "ops/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/nearest.hpp"
#include "base/number.hpp"
#include "ops/instance_path.hpp"
#include "plan/resolve.hpp"

namespace gpuslice::ops {
namespace {

bool is(const model::Gpu& gpu, const std::string& word) {
  if (const auto index = parse_number<std::uint32_t>(word)) return gpu.index == GpuIndex{*index};
  return gpu.problem.empty() && (gpu.uuid == word || plan::same_pci(gpu.pci, word));
}

// The instances of `gpu` that have the name `word`.
void find_named(const model::Gpu& gpu, const std::string& word, std::vector<SelectedInstance>& found) {
  for (const auto& made : gpu.made)
    for (const auto& gi : gpu.state.mig.partition.instances) {
      if (gi.placement != made.placement || gi.profile != made.profile) continue;
      if (!made.name.empty() && made.name == word) found.push_back({&gpu, gi.id, std::nullopt});
      for (const auto& inner : made.compute) {
        if (inner.name.empty() || (word != inner.name && word != made.name + "/" + inner.name)) continue;
        for (const auto& ci : gi.compute)
          if (ci.placement == inner.placement && ci.profile == inner.profile) found.push_back({&gpu, gi.id, ci.id});
      }
    }
}

// "; nearest names: train"; empty where none is close.
std::string did_you_mean(const model::Inventory& inventory, const std::string& word) {
  std::vector<std::string_view> names;
  for (const auto& gpu : inventory.gpus)
    for (const auto& made : gpu.made) {
      if (!made.name.empty()) names.push_back(made.name);
      for (const auto& inner : made.compute)
        if (!inner.name.empty()) names.push_back(inner.name);
    }
  const auto near = nearest(word, names, 3);
  std::string text;
  for (const auto& one : near) text += (&one == &near.front() ? "; nearest names: " : ", ") + std::string(one);
  return text;
}

Result<SelectedInstance> at_path(const model::Inventory& inventory, const std::string& word, const InstancePath& path) {
  const auto* gpu = inventory.find(path.gpu);
  if (gpu == nullptr)
    return fail(ErrorKind::not_found, word, fmt::format("there is no GPU {}", path.gpu.value),
                Hint::gpuslice({"list"}));
  if (!gpu->problem.empty()) return fail(ErrorKind::unknown, fmt::format("GPU {}", path.gpu.value), gpu->problem);
  const auto* gi = gpu->state.mig.partition.find(*path.gi);
  if (gi == nullptr)
    return fail(ErrorKind::not_found, word,
                fmt::format("GPU {} has no GPU instance {}", path.gpu.value, path.gi->value), Hint::gpuslice({"list"}));
  if (path.ci && gi->find(*path.ci) == nullptr)
    return fail(ErrorKind::not_found, word,
                fmt::format("GPU instance {} of GPU {} has no compute instance {}", path.gi->value, path.gpu.value,
                            path.ci->value),
                Hint::gpuslice({"list"}));
  return SelectedInstance{gpu, gi->id, path.ci};
}

}  // namespace

Result<SelectedGpus> select_gpus(const model::Inventory& inventory, const std::vector<std::string>& words) {
  SelectedGpus selected;
  for (const auto& word : words)
    if (word != "all" &&
        std::none_of(inventory.gpus.begin(), inventory.gpus.end(), [&](const auto& gpu) { return is(gpu, word); }))
      return fail(ErrorKind::not_found, "GPU " + word,
                  fmt::format("does not exist; GPUs on the node: {}", inventory.gpus.size()), Hint::gpuslice({"list"}));
  for (const auto& gpu : inventory.gpus) {
    if (std::none_of(words.begin(), words.end(), [&](const auto& word) { return word == "all" || is(gpu, word); }))
      continue;
    if (!gpu.problem.empty())
      return fail(ErrorKind::unknown, fmt::format("GPU {}", gpu.index.value), gpu.problem, Hint::gpuslice({"list"}));
    selected.push_back(&gpu);
  }
  return selected;
}

Result<std::vector<GpuIndex>> select_node_gpus(node::Node& node, const std::vector<std::string>& words) {
  const auto count = node.identity().gpu_count();
  if (!count)
    return fail(ErrorKind::unknown, "GPUs", "the driver answers: " + count.error().text, Hint::gpuslice({"list"}));
  const auto find = [&](const std::string& word) -> std::optional<GpuIndex> {
    if (const auto index = parse_number<std::uint32_t>(word))
      return *index < *count ? std::optional(GpuIndex{*index}) : std::nullopt;
    const auto found =
        word.starts_with("GPU-") ? node.identity().gpu_by_uuid(word) : node.identity().gpu_by_bus_id(word);
    return found ? std::optional(*found) : std::nullopt;
  };
  std::vector<bool> chosen(*count, words.empty());
  for (const auto& word : words) {
    if (word == "all") {
      chosen.assign(*count, true);
      continue;
    }
    if (word.starts_with("MIG-"))
      return fail(ErrorKind::usage, word, "is a MIG device, and figures are for whole GPUs", Hint::gpuslice({"list"}));
    const auto found = find(word);
    if (!found || found->value >= *count)
      return fail(ErrorKind::not_found, word,
                  fmt::format("no such GPU; the node has {}; use an index, a full UUID or a PCI address", *count),
                  Hint::gpuslice({"list"}));
    chosen[found->value] = true;
  }
  std::vector<GpuIndex> selected;
  for (std::uint32_t i = 0; i < *count; ++i)
    if (chosen[i]) selected.push_back(GpuIndex{i});
  return selected;
}

Result<SelectedGpus> select_mig_gpus(const model::Inventory& inventory, const std::vector<std::string>& words) {
  auto selected = GPUSLICE_TRY(select_gpus(inventory, words));
  const auto has_mig = [](const model::Gpu* gpu) { return gpu->capability.mode.supported; };
  const auto named = [&](const model::Gpu* gpu) {
    return std::any_of(words.begin(), words.end(), [&](const auto& word) { return is(*gpu, word); });
  };
  if (std::any_of(selected.begin(), selected.end(), has_mig))
    std::erase_if(selected, [&](const model::Gpu* gpu) { return !has_mig(gpu) && !named(gpu); });
  return selected;
}

Result<SelectedInstance> select_instance(const model::Inventory& inventory, const std::string& word) {
  if (word.starts_with("MIG-")) {
    for (const auto& gpu : inventory.gpus)
      for (const auto& device : gpu.devices)
        if (device.uuid == word) return SelectedInstance{&gpu, device.gi, device.ci};
    return fail(ErrorKind::not_found, word, "there is no such MIG device", Hint::gpuslice({"list"}));
  }
  if (const auto path = parse_instance_path(word); path && path->gi) return at_path(inventory, word, *path);
  std::vector<SelectedInstance> found;
  for (const auto& one : inventory.gpus) find_named(one, word, found);
  if (found.size() == 1) return found.front();
  if (found.empty())
    return fail(ErrorKind::not_found, word, "no instance has that name" + did_you_mean(inventory, word),
                Hint::gpuslice({"list"}));
  std::string where;
  for (const auto& one : found) where += (where.empty() ? "" : ", ") + path_text({one.gpu->index, one.gi, one.ci});
  return fail(ErrorKind::usage, word, fmt::format("{} instances have that name: {}", found.size(), where),
              "name it as GPU:GI or GPU:GI/CI");
}

Result<std::vector<SelectedInstance>> select_instances(const model::Inventory& inventory,
                                                       const std::vector<std::string>& words) {
  std::vector<SelectedInstance> selected;
  for (const auto& word : words) selected.push_back(GPUSLICE_TRY(select_instance(inventory, word)));
  return selected;
}

}  // namespace gpuslice::ops
