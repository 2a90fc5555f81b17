// A Kubernetes ConfigMap that holds a layout file, as NVIDIA's mig-manager reads its own: default-mig-parted-config of
// the GPU operator has a mig-parted file as `data: {config.yaml: |...}`.
#pragma once

#include "base/result.hpp"
#include "spec/tree.hpp"

namespace gpuslice::spec {

// The layout file in a ConfigMap, with the lines of the outer file; any other tree as it is. Of several keys in `data`,
// `config.yaml` is taken. A file that is quoted instead of written below `|` has no lines of its own: its values have
// the line on which it begins. Errors (usage): no data, several keys of which none is `config.yaml`, another kind of
// Kubernetes object, or the inner text is no YAML.
[[nodiscard]] Result<Value> unwrap_config_map(Value root, const std::string& file);

}  // namespace gpuslice::spec
