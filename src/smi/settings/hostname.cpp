// The option --get-hostname.
#include <fmt/format.h>

#include "smi/settings/setters.hpp"

namespace gpuslice::smi {

Outcome get_hostname(Session& session, const Setting&, GpuIndex gpu, const std::string& bus) {
  const auto name = session.node.readings().read(gpu, fields::Reading::hostname);
  if (!name) return warned(session, fmt::format("Hostname not supported for GPU {}.", bus), name.error().code);
  return reported(session, fmt::format("Hostname for GPU {}: {}", bus, name->words()));
}

}  // namespace gpuslice::smi
