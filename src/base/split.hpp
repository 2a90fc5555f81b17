// Splits a list written in one string.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpuslice {

// The parts of `text`, each ended by `separator` or by the end of the text: "a,,b" has three, of which one is empty;
// "a," has one and "" none.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

}  // namespace gpuslice
