// Names of profiles, as the driver prints them.
#pragma once

#include <string>

#include "mig/capability.hpp"

namespace gpuslice::mig {

// The name with prefix, for example "MIG 1g.5gb+me".
[[nodiscard]] std::string full_name(const GiProfile& profile);
// "MIG 1c.2g.10gb". If the compute instance uses its whole GPU instance, the GPU instance's name without its suffix:
// the compute instance of a 1g.5gb+me is "MIG 1g.5gb" (as nvidia-smi prints it, see names_test.cpp).
[[nodiscard]] std::string compute_name(const GiProfile& parent, const CiProfile& profile);

}  // namespace gpuslice::mig
