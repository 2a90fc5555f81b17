#include "smi/mig/options.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace gpuslice::smi {
namespace {

struct Spec {
  std::string_view short_name, long_name;
  bool MigOptions::* flag;                         // set when the option is there
  std::optional<std::string> MigOptions::* value;  // where its value goes
  bool value_is_optional{};
};

constexpr std::array specs{
    Spec{"-h", "--help", &MigOptions::help, nullptr},
    Spec{"-i", "--id", nullptr, &MigOptions::gpus},
    Spec{"-gi", "--gpu-instance-id", nullptr, &MigOptions::gis},
    Spec{"-ci", "--compute-instance-id", nullptr, &MigOptions::cis},
    Spec{"-lgip", "--list-gpu-instance-profiles", &MigOptions::list_gi_profiles, nullptr},
    Spec{"-lgipp", "--list-gpu-instance-possible-placements", &MigOptions::list_gi_placements, nullptr},
    Spec{"-C", "--default-compute-instance", &MigOptions::default_compute, nullptr},
    Spec{"-cgi", "--create-gpu-instance", nullptr, &MigOptions::create_gi},
    Spec{"-dgi", "--destroy-gpu-instance", &MigOptions::destroy_gi, nullptr},
    Spec{"-lgi", "--list-gpu-instances", &MigOptions::list_gi, nullptr},
    Spec{"-lcip", "--list-compute-instance-profiles", &MigOptions::list_ci_profiles, nullptr},
    Spec{"-lcipp", "--list-compute-instance-possible-placements", &MigOptions::list_ci_placements, nullptr},
    Spec{"-cci", "--create-compute-instance", &MigOptions::create_ci, &MigOptions::create_ci_list, true},
    Spec{"-dci", "--destroy-compute-instance", &MigOptions::destroy_ci, nullptr},
    Spec{"-lci", "--list-compute-instances", &MigOptions::list_ci, nullptr},
};

}  // namespace

std::expected<MigOptions, std::string> parse_mig_options(const std::vector<std::string>& words) {
  MigOptions options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto spec =
        std::ranges::find_if(specs, [&](const Spec& s) { return s.short_name == name || s.long_name == name; });
    if (spec == specs.end() || (equals != std::string::npos && spec->value == nullptr)) {
      return std::unexpected(fmt::format("Option \"{}\" is not recognized.", word));
    }
    if (spec->flag != nullptr) options.*(spec->flag) = true;
    if (spec->value == nullptr) continue;
    if (equals != std::string::npos) {
      options.*(spec->value) = word.substr(equals + 1);
    } else if (i + 1 < words.size() && !(spec->value_is_optional && words[i + 1].starts_with('-'))) {
      options.*(spec->value) = words[++i];
    } else if (!spec->value_is_optional) {
      return std::unexpected(fmt::format("Option \"{}\" is missing its value.", word));
    }
  }
  return options;
}

}  // namespace gpuslice::smi
