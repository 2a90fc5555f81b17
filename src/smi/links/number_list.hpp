// Lists of numbers in short form: "0-15,32-47".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gpuslice::smi {

// Returns the ranges of `numbers`, which must be ascending; only the first `most` ranges are listed.
[[nodiscard]] std::string ranges_text(const std::vector<std::uint32_t>& numbers, std::size_t most);

}  // namespace gpuslice::smi
