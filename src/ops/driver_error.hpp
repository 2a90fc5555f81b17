// Turns the driver's refusals into errors that say what to do next.
#pragma once

#include <string>

#include "base/result.hpp"
#include "node/port.hpp"

namespace gpuslice::ops {

// `object`: what the call was about ("GPU 0"). `doing`: what the call tried to do ("list GPU instances").
[[nodiscard]] Error driver_error(const std::string& object, const std::string& doing, const node::DriverError& answer);

}  // namespace gpuslice::ops
