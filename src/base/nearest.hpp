// Finds the names nearest to a mistyped one, for error messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpuslice {

// Levenshtein distance, ignoring ASCII case.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// At most `count` of `candidates`, nearest first; candidates at equal distance keep their order.
[[nodiscard]] std::vector<std::string_view> nearest(std::string_view wanted,
                                                    const std::vector<std::string_view>& candidates, std::size_t count);

}  // namespace gpuslice
