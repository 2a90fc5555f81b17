// The driver's refusals as errors a person can act on.
#pragma once

#include <string>

#include "base/result.hpp"
#include "node/port.hpp"

namespace gpuslice::ops {

// `object` is what it was asked about ("GPU 0"), `doing` what was wanted ("list GPU instances").
[[nodiscard]] Error driver_error(const std::string& object, const std::string& doing, const node::DriverError& answer);

}  // namespace gpuslice::ops
