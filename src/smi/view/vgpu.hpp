// Hosts whose GPUs are shared among virtual machines.
#pragma once

#include <optional>
#include <string>

#include "smi/session.hpp"

namespace gpuslice::smi {

// What the driver can do for several virtual GPUs of one machine; none where no GPU is shared among virtual machines.
[[nodiscard]] std::optional<std::string> vgpu_driver_capability(Session& session);

}  // namespace gpuslice::smi
