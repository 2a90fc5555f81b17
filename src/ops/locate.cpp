#include "ops/locate.hpp"

#include <fmt/format.h>

namespace gpuslice::ops {
namespace {

Error no_answer(const std::string& object, const node::DriverError& why) {
  if (why.code == node::err_not_found) return {ErrorKind::not_found, object, "no such GPU or MIG device here", ""};
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

Result<node::Subject> find(node::Node& node, const std::string& word) {
  const auto object = "device " + (word.empty() ? "\"\"" : word);
  if (word.starts_with("GPU-") || word.starts_with("MIG-")) {
    const auto found = node.identity().by_uuid(word);
    if (!found) return std::unexpected(no_answer(object, found.error()));
    return *found;
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
