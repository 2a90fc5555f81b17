// Names as users type them, compared without regard to case.
#pragma once

#include <string>
#include <string_view>

namespace gpuslice::catalog {

// Converts ASCII letters to lower case; everything else is unchanged.
[[nodiscard]] inline std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace gpuslice::catalog
