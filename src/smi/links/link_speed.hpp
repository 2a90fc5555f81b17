// How fast a link is, as nvlink and c2c show it.
#pragma once

#include <cstdint>
#include <string>

#include "node/port.hpp"

namespace gpuslice::smi {

// "25 GB/s"; "<inactive>" of a link that is down, N/A where the speed is refused.
[[nodiscard]] std::string link_speed(const node::Answer<std::uint64_t>& state,
                                     const node::Answer<std::uint64_t>& megabytes);

}  // namespace gpuslice::smi
