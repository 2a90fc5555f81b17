// Names of profiles as the driver gives them.
#pragma once

#include <string>

#include "mig/capability.hpp"

namespace gpuslice::mig {

// "MIG 1g.5gb+me"
[[nodiscard]] std::string full_name(const GiProfile& profile);
// "MIG 1c.2g.10gb", or the GPU instance's name without suffix when it takes the whole of it: recorded, a +me instance's
// compute instance is "MIG 1g.5gb".
[[nodiscard]] std::string compute_name(const GiProfile& parent, const CiProfile& profile);

}  // namespace gpuslice::mig
