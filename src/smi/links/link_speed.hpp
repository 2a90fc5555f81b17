// The speed of a link as nvlink and c2c show it.
#pragma once

#include <cstdint>
#include <string>

#include "node/port.hpp"

namespace gpuslice::smi {

// "25 GB/s", "<inactive>" for a link that is down, or N/A if the speed is refused.
[[nodiscard]] std::string link_speed(const node::Answer<std::uint64_t>& state,
                                     const node::Answer<std::uint64_t>& megabytes);

}  // namespace gpuslice::smi
