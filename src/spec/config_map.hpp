// Reads a layout file inside a Kubernetes ConfigMap, as NVIDIA's mig-manager does: default-mig-parted-config of the GPU
// operator contains a mig-parted file as `data: {config.yaml: |...}`.
#pragma once

#include "base/result.hpp"
#include "spec/tree.hpp"

namespace gpuslice::spec {

// Returns the layout file in a ConfigMap, with line numbers of the outer file; any other tree is returned unchanged. If
// `data` has several keys, `config.yaml` is used. If the inner file is a quoted scalar instead of a block below `|`,
// all its values have the line on which it begins. Errors (usage): no data, several keys without `config.yaml`, another
// kind of Kubernetes object, or inner text that is not YAML.
[[nodiscard]] Result<Value> unwrap_config_map(Value root, const std::string& file);

}  // namespace gpuslice::spec
