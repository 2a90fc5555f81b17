#include "hostfiles/pod_name.hpp"

#include <filesystem>

#include "base/descriptor.hpp"
#include "base/split.hpp"

namespace gpuslice::hostfiles {

std::optional<PodName> pod_name(const std::string& root, const std::string& uid) {
  if (uid.empty()) return std::nullopt;
  const StandardDescriptorsTaken taken;
  std::error_code failed;
  std::filesystem::directory_iterator entry(root + "/var/log/pods", failed);
  for (const std::filesystem::directory_iterator end; !failed && entry != end; entry.increment(failed)) {
    const auto parts = split(entry->path().filename().string(), '_');
    if (parts.size() == 3 && parts[2] == uid && !parts[0].empty() && !parts[1].empty())
      return PodName{parts[0], parts[1]};
  }
  return std::nullopt;
}

}  // namespace gpuslice::hostfiles
