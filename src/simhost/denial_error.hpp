// Turns a denial by the simulated driver into an Error for the user.
#pragma once

#include <string>

#include "base/result.hpp"
#include "sim/driver.hpp"

namespace gpuslice::simhost {

// Kinds: permission, refused (names the processes that hold the GPU), io.
[[nodiscard]] Error denial_error(const sim::Denial& denial, const sim::Driver& driver, const std::string& object);

}  // namespace gpuslice::simhost
