#include "smi/view/version.hpp"

#include <fmt/format.h>

namespace gpuslice::smi {
namespace {

// The version that NVML calls "13.580.159.04" is shown as "580.159".
std::string nvml_shown(const std::string& version) {
  const auto first = version.find('.');
  if (first == std::string::npos) return version;
  const auto second = version.find('.', first + 1);
  const auto third = second == std::string::npos ? second : version.find('.', second + 1);
  return version.substr(first + 1, third == std::string::npos ? third : third - first - 1);
}

}  // namespace

int print_version(Session& session) {
  const auto& system = session.system;
  session.out << fmt::format(
      "NVIDIA-SMI version  : {}\nNVML version        : {}\nDRIVER version      : {}\nCUDA Version        : {}\n",
      system.driver_version, nvml_shown(system.nvml_version), system.driver_version, session.cuda_version());
  return 0;
}

}  // namespace gpuslice::smi
