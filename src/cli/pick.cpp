#include "cli/pick.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/nearest.hpp"
#include "base/number.hpp"
#include "plan/resolve.hpp"

namespace gpuslice::cli {
namespace {

bool is(const model::Gpu& gpu, const std::string& word) {
  if (const auto index = parse_number<std::uint32_t>(word)) return gpu.index == GpuIndex{*index};
  return gpu.problem.empty() && (gpu.uuid == word || plan::same_pci(gpu.pci, word));
}

// The instances of `gpu` that are called `word`.
void find_named(const model::Gpu& gpu, const std::string& word, std::vector<Picked>& found) {
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

Result<Picked> at_place(const model::Inventory& inventory, const std::string& word, std::uint32_t gpu_index,
                        std::uint32_t gi_id, std::optional<std::uint32_t> ci_id) {
  const auto* gpu = inventory.find(GpuIndex{gpu_index});
  if (gpu == nullptr)
    return fail(ErrorKind::not_found, word, fmt::format("there is no GPU {}", gpu_index), "gpuslice list");
  if (!gpu->problem.empty()) return fail(ErrorKind::unknown, fmt::format("GPU {}", gpu_index), gpu->problem);
  const auto* gi = gpu->state.mig.partition.find(mig::GiId{gi_id});
  if (gi == nullptr)
    return fail(ErrorKind::not_found, word, fmt::format("GPU {} has no GPU instance {}", gpu_index, gi_id),
                "gpuslice list");
  if (!ci_id) return Picked{gpu, gi->id, std::nullopt};
  if (gi->find(mig::CiId{*ci_id}) == nullptr)
    return fail(ErrorKind::not_found, word,
                fmt::format("GPU instance {} of GPU {} has no compute instance {}", gi_id, gpu_index, *ci_id),
                "gpuslice list");
  return Picked{gpu, gi->id, mig::CiId{*ci_id}};
}

}  // namespace

Result<std::vector<const model::Gpu*>> pick_gpus(const model::Inventory& inventory,
                                                 const std::vector<std::string>& words) {
  std::vector<const model::Gpu*> picked;
  for (const auto& word : words)
    if (word != "all" &&
        std::none_of(inventory.gpus.begin(), inventory.gpus.end(), [&](const auto& gpu) { return is(gpu, word); }))
      return fail(ErrorKind::not_found, "GPU " + word,
                  fmt::format("is not there; the node has {}", inventory.gpus.size()), "gpuslice list");
  for (const auto& gpu : inventory.gpus) {
    if (std::none_of(words.begin(), words.end(), [&](const auto& word) { return word == "all" || is(gpu, word); }))
      continue;
    if (!gpu.problem.empty())
      return fail(ErrorKind::unknown, fmt::format("GPU {}", gpu.index.value), gpu.problem, "gpuslice list");
    picked.push_back(&gpu);
  }
  return picked;
}

Result<std::vector<GpuIndex>> pick_node_gpus(node::Node& node, const std::vector<std::string>& words) {
  const auto count = node.identity().gpu_count();
  if (!count) return fail(ErrorKind::unknown, "GPUs", "the driver answers: " + count.error().text, "gpuslice list");
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
      return fail(ErrorKind::usage, "--gpu " + word, "is a MIG device, and figures are of whole GPUs", "gpuslice list");
    const auto found = find(word);
    if (!found || found->value >= *count)
      return fail(ErrorKind::not_found, "--gpu " + word,
                  fmt::format("there is no such GPU; the node has {}, by index, whole UUID or PCI address", *count),
                  "gpuslice list");
    chosen[found->value] = true;
  }
  std::vector<GpuIndex> picked;
  for (std::uint32_t i = 0; i < *count; ++i)
    if (chosen[i]) picked.push_back(GpuIndex{i});
  return picked;
}

Result<std::vector<const model::Gpu*>> pick_mig_gpus(const model::Inventory& inventory,
                                                     const std::vector<std::string>& words) {
  auto picked = GPUSLICE_TRY(pick_gpus(inventory, words));
  const auto has_mig = [](const model::Gpu* gpu) { return gpu->capability.mode.supported; };
  const auto named = [&](const model::Gpu* gpu) {
    return std::any_of(words.begin(), words.end(), [&](const auto& word) { return is(*gpu, word); });
  };
  if (std::any_of(picked.begin(), picked.end(), has_mig))
    std::erase_if(picked, [&](const model::Gpu* gpu) { return !has_mig(gpu) && !named(gpu); });
  return picked;
}

Result<Picked> pick_instance(const model::Inventory& inventory, const std::string& word) {
  if (word.starts_with("MIG-")) {
    for (const auto& gpu : inventory.gpus)
      for (const auto& device : gpu.devices)
        if (device.uuid == word) return Picked{&gpu, device.gi, device.ci};
    return fail(ErrorKind::not_found, word, "there is no such MIG device", "gpuslice list");
  }
  unsigned gpu = 0, gi = 0, ci = 0;
  char rest = 0;
  if (std::sscanf(word.c_str(), "%9u:%9u/%9u%c", &gpu, &gi, &ci, &rest) == 3)
    return at_place(inventory, word, gpu, gi, ci);
  if (std::sscanf(word.c_str(), "%9u:%9u%c", &gpu, &gi, &rest) == 2)
    return at_place(inventory, word, gpu, gi, std::nullopt);
  std::vector<Picked> found;
  for (const auto& one : inventory.gpus) find_named(one, word, found);
  if (found.size() == 1) return found.front();
  if (found.empty())
    return fail(ErrorKind::not_found, word, "no instance is called so" + did_you_mean(inventory, word),
                "gpuslice list");
  std::string where;
  for (const auto& one : found)
    where += (where.empty() ? "" : ", ") + fmt::format("{}:{}", one.gpu->index.value, one.gi.value) +
             (one.ci ? fmt::format("/{}", one.ci->value) : "");
  return fail(ErrorKind::usage, word, fmt::format("{} instances are called so: {}", found.size(), where),
              "name it as GPU:GI or GPU:GI/CI");
}

}  // namespace gpuslice::cli
