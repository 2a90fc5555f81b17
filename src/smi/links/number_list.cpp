#include "smi/links/number_list.hpp"

#include <fmt/format.h>

namespace gpuslice::smi {

std::string ranges_text(const std::vector<std::uint32_t>& numbers, std::size_t most) {
  std::string text;
  std::size_t runs = 0;
  for (std::size_t first = 0; first < numbers.size() && runs < most; ++runs) {
    std::size_t last = first;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += first == last ? fmt::format("{}", numbers[first]) : fmt::format("{}-{}", numbers[first], numbers[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace gpuslice::smi
