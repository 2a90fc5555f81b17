// The PCIe link to the host, for the calls and field values that report it.
#pragma once

#include "simnvml/call.hpp"

namespace gpuslice::simnvml {

// The generation at which the GPU's link runs.
[[nodiscard]] catalog::Figure<std::uint32_t> link_generation(const sim::Driver& driver, const Device& device);

}  // namespace gpuslice::simnvml
