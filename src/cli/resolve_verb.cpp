#include "cli/resolve_verb.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "cli/smi_verb.hpp"

namespace gpuslice::cli {
namespace {

Error driver_error(const std::string& object, const node::DriverError& why) {
  const auto kind = why.code == node::err_not_found ? ErrorKind::not_found : ErrorKind::unknown;
  return {kind, object, why.code == node::err_not_found ? "no such GPU or MIG device here" : "the driver answers: " + why.text,
          "nvidia-smi -L"};
}

// "0" is a GPU's index; "0:2/0" names GPU, GI and CI. The second is no CUDA form: taken as input, never printed.
Result<node::Subject> by_place(node::Node& node, const std::string& word) {
  unsigned gpu{}, gi{}, ci{};
  char rest{};
  const int fields = std::sscanf(word.c_str(), "%u:%u/%u%c", &gpu, &gi, &ci, &rest);
  if (fields == 1 && word.find_first_not_of("0123456789") == std::string::npos) {
    const auto count = node.gpu_count();
    if (!count) return std::unexpected(driver_error("device " + word, count.error()));
    if (gpu < *count) return node::Subject{GpuIndex{gpu}, {}};
  }
  if (fields != 3) return fail(ErrorKind::not_found, "device " + word, "no such GPU or MIG device here", "nvidia-smi -L");
  const auto indices = node.mig_indices(GpuIndex{gpu});
  if (!indices) return std::unexpected(driver_error("device " + word, indices.error()));
  for (const auto index : *indices) {
    const node::Subject subject{GpuIndex{gpu}, index};
    const auto its_gi = node.mig_gi(subject);
    const auto its_ci = node.mig_ci(subject);
    if (its_gi && its_ci && its_gi->value == gi && its_ci->value == ci) return subject;
  }
  return fail(ErrorKind::not_found, "device " + word, "no such MIG device here", "nvidia-smi -L");
}

Result<int> resolve(const std::string& node_name, const std::string& word) {
  const auto node = GPUSLICE_TRY(open_node(node_name));
  node::Subject subject;
  if (word.starts_with("GPU-") || word.starts_with("MIG-")) {
    const auto found = node->by_uuid(word);
    if (!found) return std::unexpected(driver_error("device " + word, found.error()));
    subject = *found;
  } else {
    subject = GPUSLICE_TRY(by_place(*node, word));
  }
  const auto uuid = node->uuid(subject);
  if (!uuid) return std::unexpected(driver_error("device " + word, uuid.error()));
  if (!subject.mig_index) {
    fmt::print("gpu={} uuid={}\n", subject.gpu.value, *uuid);
    return 0;
  }
  const auto gi = node->mig_gi(subject);
  const auto ci = node->mig_ci(subject);
  if (!gi) return std::unexpected(driver_error("device " + word, gi.error()));
  if (!ci) return std::unexpected(driver_error("device " + word, ci.error()));
  fmt::print("gpu={} gi={} ci={} uuid={}\n", subject.gpu.value, gi->value, ci->value, *uuid);
  return 0;
}

}  // namespace

void add_resolve_verb(CLI::App& app, const std::string& node, Action& chosen) {
  auto* verb = app.add_subcommand("resolve", "Say which GPU or MIG device a CUDA_VISIBLE_DEVICES value means");
  auto word = std::make_shared<std::string>();
  verb->add_option("DEVICE", *word, "index, GPU-UUID, MIG-UUID, MIG-GPU-UUID/GI/CI, or GPU:GI/CI")->required();
  verb->callback([&node, &chosen, word] { chosen = [&node, word] { return resolve(node, *word); }; });
}

}  // namespace gpuslice::cli
