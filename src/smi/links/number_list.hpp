// Numbers as people write lists of them: "0-15,32-47".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gpuslice::smi {

// Of ascending numbers, the first `most` runs.
[[nodiscard]] std::string ranges_text(const std::vector<std::uint32_t>& numbers, std::size_t most);

}  // namespace gpuslice::smi
