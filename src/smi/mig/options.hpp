// The words after `nvidia-smi mig`.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace gpuslice::smi {

struct MigOptions {
  bool help{};
  std::optional<std::string> gpus, gis, cis;  // -i, -gi, -ci: lists as typed
  bool list_gi_profiles{}, list_gi_placements{};
  bool default_compute{};                // -C
  std::optional<std::string> create_gi;  // -cgi: the list as typed
  bool destroy_gi{}, list_gi{}, list_ci_profiles{}, list_ci_placements{};
  bool create_ci{};  // -cci, its profiles in create_ci_list (absent: the default profile)
  std::optional<std::string> create_ci_list;
  bool destroy_ci{}, list_ci{};
};

// Parsed, or the message for a word that is wrong (status 2, recorded). `--option value`, `--option=value`, `-i=value`
// are all taken.
[[nodiscard]] std::expected<MigOptions, std::string> parse_mig_options(const std::vector<std::string>& words);

}  // namespace gpuslice::smi
