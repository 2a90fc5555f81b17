// The names of workload power profiles by their bit in a mask.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gpuslice::smi {

// "0. Max-P", "1. Max-Q", ... for each bit that is set.
[[nodiscard]] std::vector<std::string> power_profile_names(std::uint64_t bits);

}  // namespace gpuslice::smi
