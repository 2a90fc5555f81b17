// A layout file: configurations, read from YAML or JSON and written in one canonical form.
//
// Two formats are read: gpuslice/v1 (docs/layout-files.md), and the `version: v1` format of NVIDIA's mig-parted,
// unmodified; each also inside a Kubernetes ConfigMap (spec/config_map.hpp). This room does not know profiles and
// products; plan/resolve.hpp resolves them on a node.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/layout.hpp"

namespace gpuslice::spec {

// An entry of a mig-parted file with `devices: []`, which selects no GPU.
struct EmptyEntry {
  std::string configuration;
  model::Origin origin;
  friend bool operator==(const EmptyEntry&, const EmptyEntry&) = default;
};

struct File {
  // In the order of the file, each with its name; a single configuration may have none.
  std::vector<model::Layout> configurations;
  std::string default_name;  // the configuration used if none is given; empty: no default
  model::Origin default_origin;
  model::Origin origin;
  std::vector<EmptyEntry> left_out;  // not part of the configurations
  friend bool operator==(const File&, const File&) = default;
};

inline constexpr std::size_t max_file_bytes = 1U << 20U;

// `file_name` is used in messages; "-" is shown as "<stdin>". Errors (usage) name file, line and what is allowed.
[[nodiscard]] Result<File> load(const std::string& text, const std::string& file_name);

// The configuration with that name; without a name, the default or the only one. Errors: not_found with the nearest
// names; usage if there are several and none was chosen.
[[nodiscard]] Result<model::Layout> choose(const File& file, const std::optional<std::string>& name);

}  // namespace gpuslice::spec
