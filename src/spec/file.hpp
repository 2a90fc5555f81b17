// A layout file: configurations, read from YAML or JSON and written in one canonical form.
//
// Two formats are read: gpuslice/v1 (docs/layout-files.md), and the `version: v1` of NVIDIA's mig-parted as it is. What
// profiles and products there are is not known here; plan/resolve.hpp finds that out on a node.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/layout.hpp"

namespace gpuslice::spec {

struct File {
  // In the order of the file, each under its name; a single one may have none.
  std::vector<model::Layout> configurations;
  std::string default_name;  // the one that counts when none is asked for; empty: none
  model::Origin origin;
  friend bool operator==(const File&, const File&) = default;
};

inline constexpr std::size_t max_file_bytes = 1U << 20U;

// `file_name` is for messages; "-" is shown as "<stdin>". Errors (usage) name file, line and what would do.
[[nodiscard]] Result<File> load(const std::string& text, const std::string& file_name);

// The configuration of that name; without a name the default, or the only one there is. Errors: not_found with the
// nearest names, usage when one of several has to be said.
[[nodiscard]] Result<model::Layout> choose(const File& file, const std::optional<std::string>& name);

}  // namespace gpuslice::spec
