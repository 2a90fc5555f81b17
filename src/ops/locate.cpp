#include "ops/locate.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace gpuslice::ops {
namespace {

constexpr const char* absent = "no such GPU or MIG device here";

Error no_answer(const std::string& object, const node::DriverError& why) {
  if (why.code == node::err_not_found) return {ErrorKind::not_found, object, absent, ""};
  return {ErrorKind::unknown, object, "the driver answers: " + why.text, ""};
}

Result<node::Subject> at_path(node::Node& node, const InstancePath& path, const std::string& object) {
  const auto count = node.identity().gpu_count();
  if (!count) return std::unexpected(no_answer(object, count.error()));
  if (path.gpu.value >= *count)
    return fail(ErrorKind::not_found, object, fmt::format("no such GPU here; there are {}", *count));
  if (!path.gi) return node::Subject{path.gpu, {}};
  const auto indices = node.mig().mig_indices(path.gpu);
  if (!indices) return std::unexpected(no_answer(object, indices.error()));
  for (const auto index : *indices) {
    const node::Subject device{path.gpu, index};
    const auto gi = node.mig().mig_gi(device);
    const auto ci = node.mig().mig_ci(device);
    if (gi && ci && *gi == path.gi && *ci == path.ci) return device;
  }
  return fail(ErrorKind::not_found, object, "no such MIG device here");
}

// Whether it can be the beginning of a UUID: a digit of it at least.
bool is_beginning(std::string_view word) { return word.size() > std::string_view("GPU-").size(); }

// The one GPU or MIG device whose UUID begins so. GPUs that cannot be read are passed over, as CUDA does not see them.
Result<node::Subject> by_beginning(node::Node& node, const std::string& word, const std::string& object,
                                   const node::DriverError& refusal) {
  struct Candidate {
    node::Subject device;
    std::string uuid;
  };
  std::vector<Candidate> candidates;
  const auto look_at = [&](const node::Subject& device) {
    if (const auto uuid = node.identity().uuid(device); uuid && uuid->starts_with(word))
      candidates.push_back({device, *uuid});
  };
  const auto count = node.identity().gpu_count();
  if (!count) return std::unexpected(no_answer(object, count.error()));
  for (std::uint32_t i = 0; i < *count; ++i) {
    look_at({GpuIndex{i}, {}});
    const auto indices = node.mig().mig_indices(GpuIndex{i});
    if (!indices) continue;
    for (const auto index : *indices) look_at({GpuIndex{i}, index});
  }
  if (candidates.empty()) {
    // The driver refuses what is no whole UUID.
    if (refusal.code == node::err_invalid_argument) return fail(ErrorKind::not_found, object, absent);
    return std::unexpected(no_answer(object, refusal));
  }
  if (candidates.size() == 1) return candidates[0].device;
  std::string uuids;
  for (const auto& one : candidates) uuids += (uuids.empty() ? "" : ", ") + one.uuid;
  return fail(ErrorKind::usage, object, fmt::format("is the beginning of {} UUIDs: {}", candidates.size(), uuids));
}

Result<node::Subject> find(node::Node& node, const std::string& word) {
  const auto object = "device " + (word.empty() ? "\"\"" : word);
  if (word.starts_with("GPU-") || word.starts_with("MIG-")) {
    const auto found = node.identity().by_uuid(word);
    if (found) return *found;
    if (!is_beginning(word)) return std::unexpected(no_answer(object, found.error()));
    return by_beginning(node, word, object, found.error());
  }
  const auto path = parse_instance_path(word);
  // A GPU instance alone is not a device: programs run on its compute instances.
  if (!path || (path->gi && !path->ci))
    return fail(ErrorKind::usage, object, "is neither an index, a UUID, nor GPU:GI/CI");
  return at_path(node, *path, object);
}

}  // namespace

Result<Located> locate(node::Node& node, const std::string& word) {
  const auto device = GPUSLICE_TRY(find(node, word));
  const auto object = fmt::format("GPU {}", device.gpu.value);
  const auto uuid = node.identity().uuid(device);
  if (!uuid) return std::unexpected(no_answer(object, uuid.error()));
  if (!device.mig_index) return Located{{device.gpu, {}, {}}, *uuid};
  const auto gi = node.mig().mig_gi(device);
  const auto ci = node.mig().mig_ci(device);
  if (!gi) return std::unexpected(no_answer(object, gi.error()));
  if (!ci) return std::unexpected(no_answer(object, ci.error()));
  return Located{{device.gpu, *gi, *ci}, *uuid};
}

}  // namespace gpuslice::ops
