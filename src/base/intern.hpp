// Text that lives as long as the program, for string_view members of values that are usually constant tables.
#pragma once

#include <string>
#include <string_view>

namespace gpuslice {

// The same text gives the same view. Safe from several threads. Meant for names, of which there are few: nothing is
// ever given back.
[[nodiscard]] std::string_view intern(const std::string& text);

}  // namespace gpuslice
