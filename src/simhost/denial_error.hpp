// Why the simulated driver did not do what the host asked of it, in words for whoever asked.
#pragma once

#include <string>

#include "base/result.hpp"
#include "sim/driver.hpp"

namespace gpuslice::simhost {

// Kinds: permission, refused (names the processes in the way), io.
[[nodiscard]] Error denial_error(const sim::Denial& denial, const sim::Driver& driver, const std::string& object);

}  // namespace gpuslice::simhost
