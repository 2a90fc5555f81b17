// Strings that live until the program exits, for string_view members of values that are usually constant tables.
#pragma once

#include <string>
#include <string_view>

namespace gpuslice {

// Equal text returns the same view. Thread-safe. Meant for names, of which there are few: memory is never freed.
[[nodiscard]] std::string_view intern(const std::string& text);

}  // namespace gpuslice
