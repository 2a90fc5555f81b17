#include "cli/resolve_json.hpp"

#include <algorithm>
#include <utility>

#include "cli/state_json.hpp"
#include "ops/effects.hpp"
#include "ops/observe.hpp"

namespace gpuslice::cli {
namespace {

// The MIG index of a compute instance's device.
ordered_json mig_index(const model::Gpu& gpu, const ops::InstancePath& path) {
  const auto device =
      std::ranges::find_if(gpu.devices, [&](const auto& one) { return one.gi == path.gi && one.ci == path.ci; });
  return device != gpu.devices.end() ? ordered_json(device - gpu.devices.begin()) : ordered_json();
}

ordered_json of_gpu(const model::Gpu& gpu, const std::optional<std::vector<ops::DeviceNode>>& nodes) {
  return {{"gpu", gpu.index.value},
          {"gpu_uuid", gpu.uuid},
          {"gi", nullptr},
          {"ci", nullptr},
          {"uuid", gpu.uuid},
          {"name", nullptr},
          {"gpu_instance", nullptr},
          {"compute_instance", nullptr},
          {"device_nodes", device_nodes_json(nodes)},
          {"mig_index", nullptr}};
}

}  // namespace

Result<ordered_json> device_json(const ops::Subject& subject, const ops::Located& device) {
  const auto& path = device.path;
  model::Inventory one;
  one.gpus.push_back(GPUSLICE_TRY(ops::observe_gpu(*subject.workers, path.gpu, ops::Ask::what_stands)));
  // Without names a device is still found.
  if (const auto names = subject.store.names()) ops::remember(one, *names);
  const auto& gpu = one.gpus.front();
  const auto nodes = subject.workers->on(
      path.gpu, [root = subject.root, path](node::Node& node) -> Result<std::optional<std::vector<ops::DeviceNode>>> {
        return ops::device_nodes(node, root, path.gpu, path.gi, path.ci);
      });
  const auto known = nodes ? *nodes : std::nullopt;
  if (!path.gi) return of_gpu(gpu, known);
  for (auto& instance : ops::instances_of(gpu)) {
    if (instance.gi != path.gi || instance.ci != path.ci) continue;
    instance.uuid = device.uuid;
    instance.nodes = known;
    auto made = instances_json({instance})[0];
    made["mig_index"] = mig_index(gpu, path);
    return made;
  }
  return fail(ErrorKind::not_found, "device " + device.uuid, "has gone meanwhile");
}

report::schema::Json device_schema() {
  using namespace report::schema;
  return object({{"gpu", count(), "index of the GPU"},
                 {"gpu_uuid", text()},
                 {"gi", nullable(count()), "GPU instance id; null: the whole GPU"},
                 {"ci", nullable(count()), "compute instance id; null: the whole GPU"},
                 {"uuid", text(), "of the GPU or MIG device"},
                 {"name", nullable(text()), "as its layout calls it; null: no name"},
                 {"gpu_instance", nullable(reference("gpu_instance"))},
                 {"compute_instance", nullable(reference("compute_instance"))},
                 {"device_nodes", reference("device_nodes"), "null: they cannot be read"},
                 {"mig_index", nullable(count()), "index of the MIG device on its GPU; null: the whole GPU"}});
}

}  // namespace gpuslice::cli
