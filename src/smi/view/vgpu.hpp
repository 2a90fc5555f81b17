// Hosts whose GPUs are shared among virtual machines.
#pragma once

#include <optional>
#include <string>

#include "smi/session.hpp"

namespace gpuslice::smi {

// The driver's capability to run several virtual GPUs in one machine; nullopt if no GPU is shared among virtual
// machines.
[[nodiscard]] std::optional<std::string> vgpu_driver_capability(Session& session);

}  // namespace gpuslice::smi
